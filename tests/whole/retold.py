"""Claims of the sample shows, and how another show might say the same; written by hand for these tests."""

RETOLD = (
    (
        "The first surprise was that switching the heating off at night saved only 4 percent.",
        "Turning the heating off overnight saved just 4 percent, which surprised us.",
    ),
    (
        "Lowering the water temperature in the boiler from 70 to 55 degrees cut gas use by 9 percent.",
        "Gas use fell by 9 percent when the boiler's water was set to 55 degrees instead of 70.",
    ),
    (
        "Words that I only read again stayed at 38 percent, and words that I had to recall reached "
        "77 percent.",
        "Vocabulary that was merely read again reached 38 percent, while recalled vocabulary got to "
        "77 percent.",
    ),
    (
        "Those who had slept in between remembered 23 percent more pairs than those who had been "
        "awake all day.",
        "People who slept in between recalled 23 percent more word pairs than people who stayed awake.",
    ),
    (
        "Two sessions a week of heavy calf raises and squats halved the injuries among people over 40.",
        "For runners past 40, heavy squats and calf raises twice a week cut injuries in half.",
    ),
    (
        "Families that shopped once a week threw away twice as much salad as families that shopped "
        "three times a week.",
        "Shopping once a week instead of three times doubled the salad that families threw away.",
    ),
    (
        "Flats with a night switch had mould three times as often as flats with a steady temperature.",
        "Mould was three times as common in flats that switched off at night as in steadily heated flats.",
    ),
    (
        "Two pairs load the foot in two slightly different ways, so no single tendon gets all the work.",
        "Because two pairs of shoes load the foot differently, no single tendon does all the work.",
    ),
    (
        "At 2,500 subscribers 4 percent is exactly 100, so that is where we stopped growing, "
        "whatever we spent on advertising.",
        "With 4 percent of 2,500 subscribers leaving each month we lost 100, so growth stopped "
        "there however much we advertised.",
    ),
    (
        "When people could skip a month with one click, cancellations fell by 31 percent and two "
        "thirds of those who paused came back.",
        "Letting subscribers skip a month with one click cut cancellations by 31 percent, and two "
        "thirds of the paused ones returned.",
    ),
    (
        "Where a bus came every 20 minutes it now comes every 10, and ridership rose by 34 percent "
        "in two years.",
        "Ridership grew by 34 percent in two years after buses came every 10 minutes instead of every 20.",
    ),
    (
        "Free fares brought 21 percent more riders, but most of them had walked or cycled before.",
        "Making buses free brought 21 percent more passengers, most of whom used to walk or cycle.",
    ),
    (
        "Our developers needed 23 minutes on average to get back to where they were before an interruption.",
        "After an interruption it took developers 23 minutes on average to get back to their work.",
    ),
    (
        "A discount at a fixed hour does not save bread, it trains people to wait.",
        "Discounting bread at a fixed hour saves none of it and only teaches customers to wait.",
    ),
)
