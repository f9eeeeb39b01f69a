"""Words and numbers as they are compared: folded, with spoken numbers read as digits."""

import re


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as a line of text."""
    return frozenset(text.split())


STOP = word_set(
    "a about above after again against all also am an and any are as at be because been before "
    "being below between both but by can could did do does doing don down during each even few "
    "for from further get got had has have having he her here hers him his how i if in into is it "
    "its itself just know like lot me mean more most much my no nor not now of off on once one "
    "only or other our out over own really right same say she should so some such than that the "
    "their them then there these they thing things think this those through to too under until up "
    "us very was way we were what when where which while who why will with would yeah yes you "
    "your i'm it's that's don't we're they're you're i've there's can't didn't doesn't isn't "
    "let's going go kind sort want well okay"
)

_UNITS = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen"),
        )
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}


def words(text: str) -> list[str]:
    """The words of a text in small letters; apostrophes stay inside words.

    >>> words("Don’t “panic”, it’s 4%.")
    ["don't", 'panic', "it's", '4']
    """
    return [w.strip("'") for w in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("’", "'"))]


def folded(text: str) -> str:
    """Words alone with single spaces: equal for two texts that differ in case, marks and spaces.

    >>> folded("Well,  it’s -- OK?")
    "well it's ok"
    """
    return " ".join(words(text))


def content_words(text: str) -> list[str]:
    """The words that carry the topic."""
    return [word for word in words(text) if word not in STOP and len(word) > 2]


def numbers(text: str) -> set[str]:
    """Every number of a text as digits, whether written or spelled.

    >>> sorted(numbers("Four percent of 1,200, or twenty-five hundred; 3.5 each"))
    ['1200', '2500', '3.5', '4']
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    found = set(re.findall(r"\d+(?:\.\d+)?", plain))
    total = None
    for word in [*words(plain), ""]:
        value = _UNITS.get(word, _TENS.get(word))
        if value is not None and total is not None and total % 100 in _TENS.values() and value < 10:
            total += value
        elif value is not None:
            found |= {str(total)} if total is not None else set()
            total = value
        elif word in _SCALES and total is not None:
            total *= _SCALES[word]
        elif total is not None:
            found.add(str(total))
            total = None
    return found


def names(text: str) -> set[str]:
    """Capitalised words that do not merely open a sentence, in small letters.

    >>> sorted(names("Most firms fail. But GitPrime, from Denver, did not. I know."))
    ['denver', 'gitprime']
    """
    found = set()
    for sentence in re.split(r"(?<=[.!?])[\"”’)]*\s+", text):
        for match in re.finditer(r"(?<=[\s(\"“‘—-])[A-Z][\w&.-]*", sentence.strip()):
            word = match.group().rstrip(".-").lower()
            if word not in STOP and not word.startswith("i'"):
                found.add(word)
    return found
