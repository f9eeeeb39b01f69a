<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
  <context>
    <name>Earmark</name>
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
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/add_show.py" />
      <source>The address of the show's feed, or of its web page</source>
      <translation>Die Adresse des Feeds oder der Webseite der Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/arrivals.py" />
      <source>There is no such place in Earmark.</source>
      <translation>Diesen Ort gibt es in Earmark nicht.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/bars.py" />
      <source>Go on</source>
      <translation>Weiter</translation>
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
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Back</source>
      <translation>Zurück</translation>
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
      <source>Faster</source>
      <translation>Schneller</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Find a command, place or show</source>
      <translation>Befehl, Ort oder Sendung finden</translation>
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
      <source>Look for new episodes</source>
      <translation>Nach neuen Folgen sehen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/commands.py" />
      <source>Louder</source>
      <translation>Lauter</translation>
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
      <location filename="../../desktop/earmark/ui/day_room.py" />
      <source>Nothing new for this day.</source>
      <translation>Nichts Neues für diesen Tag.</translation>
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
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Insight</source>
      <translation>Erkenntnis</translation>
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
      <source>Save</source>
      <translation>Merken</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/insight_page.py" />
      <source>Saved</source>
      <translation>Gemerkt</translation>
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
      <source>▶ Play this moment</source>
      <translation>▶ Diese Stelle abspielen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n episode</source>
      <translation>%n Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n episode to go</source>
      <translation>noch %n Folge</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n episodes</source>
      <translation>%n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n episodes to go</source>
      <translation>noch %n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n insight</source>
      <translation>%n Erkenntnis</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n insights</source>
      <translation>%n Erkenntnisse</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n show</source>
      <translation>%n Sendung</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>%n shows</source>
      <translation>%n Sendungen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>Activity</source>
      <translation>Arbeit</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>All %n episodes</source>
      <translation>Alle %n Folgen</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>All done. New episodes are worked through as they come.</source>
      <translation>Alles fertig. Neue Folgen werden bearbeitet, sobald sie kommen.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>Nothing yet. Press Save on an insight to keep it here.</source>
      <translation>Noch nichts. Drücken Sie bei einer Erkenntnis auf Merken, dann steht sie hier.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>Only the newest</source>
      <translation>Nur die neuesten</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>and %n more</source>
      <translation>und %n weitere</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/list_pages.py" />
      <source>not asked for</source>
      <translation>nicht verlangt</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/main_window.py" />
      <source>Copied.</source>
      <translation>Kopiert.</translation>
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
      <location filename="../../desktop/earmark/ui/parts.py" />
      <source>Play from {time}: {headline}</source>
      <translation>Ab {time} abspielen: {headline}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/places.py" />
      <source>Menu</source>
      <translation>Menü</translation>
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
      <source>Play</source>
      <translation>Abspielen</translation>
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
      <source>Stop</source>
      <translation>Beenden</translation>
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
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Earlier</source>
      <translation>Früher</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Earmark finds five things a day worth hearing in your podcasts. Add the first one.</source>
      <translation>Earmark findet jeden Tag fünf Dinge in Ihren Podcasts, die zu hören sich lohnt. Fügen Sie die erste Sendung hinzu.</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>Why this</source>
      <translation>Warum dies</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/today_page.py" />
      <source>You hid this one.</source>
      <translation>Diese haben Sie ausgeblendet.</translation>
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
      <source>failed: {reason}</source>
      <translation>fehlgeschlagen: {reason}</translation>
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
      <source>no reason was given</source>
      <translation>ein Grund wurde nicht genannt</translation>
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
      <source>waiting</source>
      <translation>wartet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>waiting: {reason}</source>
      <translation>wartet: {reason}</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>working</source>
      <translation>arbeitet</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{heard} of {whole} min</source>
      <translation>{heard} von {whole} min</translation>
    </message>
    <message>
      <location filename="../../desktop/earmark/ui/words.py" />
      <source>{start} to {end}</source>
      <translation>{start} bis {end}</translation>
    </message>
  </context>
</TS>
