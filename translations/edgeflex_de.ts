<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>ModelFacts</name>
    <message>
        <source>mean %1, deviation %2</source>
        <translation>Mittelwert %1, Abweichung %2</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>%1 × %2 pixels, channels: %3, patches of %4</source>
        <translation>%1 × %2 Pixel, Kanäle: %3, Patches zu %4</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Transformer</source>
        <translation>Transformer</translation>
    </message>
    <message>
        <source>%1 blocks, width %2, %3 heads</source>
        <translation>%1 Blöcke, Breite %2, %3 Köpfe</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Weights in memory</source>
        <translation>Gewichte im Speicher</translation>
    </message>
    <message>
        <source>MACs per image</source>
        <translation>MACs je Bild</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>Skalierung</translation>
    </message>
    <message>
        <source>shorter side to %1, %2</source>
        <translation>kürzere Seite auf %1, %2</translation>
    </message>
    <message>
        <source>Normalization</source>
        <translation>Normalisierung</translation>
    </message>
    <message>
        <source>not stated by the model</source>
        <translation>vom Modell nicht angegeben</translation>
    </message>
</context>
<context>
    <name>PdfReport</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 kann nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>QuantityText</name>
    <message>
        <source>as fast</source>
        <translation>gleich schnell</translation>
    </message>
    <message>
        <source>%1 faster</source>
        <translation>%1 schneller</translation>
    </message>
    <message>
        <source>%1 slower</source>
        <translation>%1 langsamer</translation>
    </message>
    <message>
        <source>gains %1 points</source>
        <translation>gewinnt %1 Punkte</translation>
    </message>
    <message>
        <source>loses %1 points</source>
        <translation>verliert %1 Punkte</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
</context>
<context>
    <name>ReportExport</name>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
</context>
<context>
    <name>SessionStore</name>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made; choose another place.</source>
        <translation>Der Ordner %1 kann nicht angelegt werden; wählen Sie einen anderen Ort.</translation>
    </message>
</context>
<context>
    <name>StageText</name>
    <message>
        <source>loading</source>
        <translation>laden</translation>
    </message>
    <message>
        <source>reading images</source>
        <translation>Bilder lesen</translation>
    </message>
    <message>
        <source>reading search images</source>
        <translation>Suchbilder lesen</translation>
    </message>
    <message>
        <source>calibrating</source>
        <translation>kalibrieren</translation>
    </message>
    <message>
        <source>compressing</source>
        <translation>komprimieren</translation>
    </message>
    <message>
        <source>profiling</source>
        <translation>Profil messen</translation>
    </message>
    <message>
        <source>sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>layer times</source>
        <translation>Schichtzeiten</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>timing</source>
        <translation>Zeitmessung</translation>
    </message>
    <message>
        <source>process memory</source>
        <translation>Prozessspeicher</translation>
    </message>
    <message>
        <source>FP32 on the search images</source>
        <translation>FP32 auf den Suchbildern</translation>
    </message>
    <message>
        <source>measuring on the search images</source>
        <translation>auf den Suchbildern messen</translation>
    </message>
    <message>
        <source>writing ONNX</source>
        <translation>ONNX schreiben</translation>
    </message>
    <message>
        <source>executing</source>
        <translation>ausführen</translation>
    </message>
    <message>
        <source>comparing in ONNX Runtime</source>
        <translation>in ONNX Runtime vergleichen</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>beschnitten</translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>fits %1: %2</source>
        <translation>passt in %1: %2</translation>
    </message>
    <message>
        <source>%1 of weights</source>
        <translation>%1 Gewichte</translation>
    </message>
    <message>
        <source>peak below %1: %2</source>
        <translation>Spitze unter %1: %2</translation>
    </message>
    <message>
        <source>%1 here</source>
        <translation>hier %1</translation>
    </message>
    <message>
        <source>(predicted)</source>
        <translation>(geschätzt)</translation>
    </message>
    <message>
        <source>(wanted: %1)</source>
        <translation>(gewünscht: %1)</translation>
    </message>
    <message>
        <source>loses nothing: this is the original</source>
        <translation>verliert nichts: das ist das Original</translation>
    </message>
    <message>
        <source>(at most %1)</source>
        <translation>(höchstens %1)</translation>
    </message>
    <message>
        <source>(at most %1: not proven)</source>
        <translation>(höchstens %1: nicht bewiesen)</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>geschätzt</translation>
    </message>
    <message>
        <source>%L1 of %L2 images</source>
        <translation>%L1 von %L2 Bildern</translation>
    </message>
    <message>
        <source>measured on %L1 images</source>
        <translation>gemessen an %L1 Bildern</translation>
    </message>
    <message>
        <source>(predicted; wanted: %1)</source>
        <translation>(geschätzt; gewünscht: %1)</translation>
    </message>
</context>
<context>
    <name>edgeflex::ActivationChart</name>
    <message>
        <source>Activation memory of each layer</source>
        <translation>Aktivierungsspeicher jeder Schicht</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Output, MB</source>
        <translation>Ausgabe, MB</translation>
    </message>
    <message>
        <source>in</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>out</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1: %2, before %3</source>
        <translation>%1: %2, zuvor %3</translation>
    </message>
</context>
<context>
    <name>edgeflex::BudgetBox</name>
    <message>
        <source>&amp;Solve</source>
        <translation>&amp;Lösen</translation>
    </message>
    <message>
        <source>Empty: no such budget.</source>
        <translation>Leer: keine solche Vorgabe.</translation>
    </message>
    <message>
        <source>&amp;Weights at most</source>
        <translation>&amp;Gewichte höchstens</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Bytes of the weights in memory.</source>
        <translation>Bytes der Gewichte im Speicher.</translation>
    </message>
    <message>
        <source>&amp;Latency at most</source>
        <translation>Late&amp;nz höchstens</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Of the original&apos;s latency on this machine.</source>
        <translation>Von der Latenz des Originals auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Pea&amp;k at most</source>
        <translation>Spit&amp;ze höchstens</translation>
    </message>
    <message>
        <source>Most memory in use at any time, weights included.</source>
        <translation>Größter Speicherbedarf, Gewichte eingeschlossen.</translation>
    </message>
    <message>
        <source>L&amp;oss at most</source>
        <translation>Verl&amp;ust höchstens</translation>
    </message>
    <message>
        <source>point</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>Points of accuracy lost against the original.</source>
        <translation>Verlorene Genauigkeitspunkte gegenüber dem Original.</translation>
    </message>
    <message>
        <source>Find the plan that loses least within these budgets</source>
        <translation>Den Plan suchen, der bei diesen Vorgaben am wenigsten verliert</translation>
    </message>
    <message>
        <source>Give a budget first</source>
        <translation>Zuerst eine Vorgabe machen</translation>
    </message>
</context>
<context>
    <name>edgeflex::Document</name>
    <message>
        <source>MLP kept of block %1</source>
        <translation>MLP-Anteil von Block %1</translation>
    </message>
    <message numerus="yes">
        <source>MLP kept of %n blocks</source>
        <translation>
            <numerusform>MLP-Anteil von %n Block</numerusform>
            <numerusform>MLP-Anteil von %n Blöcken</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%1 für %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 for %n layers</source>
        <translation>
            <numerusform>%1 für %n Schicht</numerusform>
            <numerusform>%1 für %n Schichten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>edgeflex::EngineClient</name>
    <message>
        <source>The engine %1 did not answer when it was started.</source>
        <translation>Die Engine %1 hat nach dem Start nicht geantwortet.</translation>
    </message>
    <message>
        <source>The engine %1 cannot be started; set EDGEFLEX_ENGINE to the edgeflex program.</source>
        <translation>Die Engine %1 lässt sich nicht starten; EDGEFLEX_ENGINE muss das Programm edgeflex nennen.</translation>
    </message>
    <message>
        <source>The engine was stopped.</source>
        <translation>Die Engine wurde beendet.</translation>
    </message>
    <message>
        <source>The engine broke the protocol and was stopped: %1</source>
        <translation>Die Engine hat das Protokoll verletzt und wurde beendet: %1</translation>
    </message>
    <message>
        <source>The engine %1 speaks version %2 of the protocol and this window version %3; install the same version of both.</source>
        <translation>Die Engine %1 spricht Version %2 des Protokolls und dieses Fenster Version %3; beide müssen in derselben Version installiert sein.</translation>
    </message>
    <message>
        <source>The job was stopped.</source>
        <translation>Der Auftrag wurde abgebrochen.</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>ist abgestürzt</translation>
    </message>
    <message>
        <source>ended with code %1</source>
        <translation>endete mit Code %1</translation>
    </message>
    <message>
        <source>The engine %1 %2 as soon as it was started.</source>
        <translation>Die Engine %1 %2 gleich nach dem Start.</translation>
    </message>
    <message>
        <source>The engine %1 and was started again.</source>
        <translation>Die Engine %1 und wurde neu gestartet.</translation>
    </message>
</context>
<context>
    <name>edgeflex::ErrorBanner</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>Diese Meldung ausblenden</translation>
    </message>
</context>
<context>
    <name>edgeflex::ExportDialog</name>
    <message>
        <source>&amp;ONNX file</source>
        <translation>&amp;ONNX-Datei</translation>
    </message>
    <message>
        <source>&amp;safetensors folder</source>
        <translation>&amp;safetensors-Ordner</translation>
    </message>
    <message>
        <source>&amp;Load it again and compare its answers</source>
        <translation>Wieder &amp;laden und Antworten vergleichen</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Export the plan</source>
        <translation>Plan exportieren</translation>
    </message>
    <message>
        <source>Runs in ONNX Runtime and whatever else reads ONNX</source>
        <translation>Läuft in ONNX Runtime und in allem, was ONNX liest</translation>
    </message>
    <message>
        <source>Smallest; runs in EdgeFlex</source>
        <translation>Am kleinsten; läuft in EdgeFlex</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Schreiben nach</translation>
    </message>
    <message>
        <source>How to load it</source>
        <translation>So wird es geladen</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>How to load it:</source>
        <translation>So wird es geladen:</translation>
    </message>
    <message>
        <source>Format:</source>
        <translation>Format:</translation>
    </message>
    <message>
        <source>&amp;Write to:</source>
        <translation>Schreiben &amp;nach:</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>&amp;Exportieren</translation>
    </message>
    <message>
        <source>The export was stopped.</source>
        <translation>Der Export wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Export ONNX</source>
        <translation>ONNX exportieren</translation>
    </message>
    <message>
        <source>ONNX (*.onnx)</source>
        <translation>ONNX (*.onnx)</translation>
    </message>
    <message>
        <source>Export a safetensors folder</source>
        <translation>safetensors-Ordner exportieren</translation>
    </message>
    <message>
        <source>Written: %1, %2.</source>
        <translation>Geschrieben: %1, %2.</translation>
    </message>
    <message>
        <source>Loaded again, its answers are the same on %1 of %L2 images.</source>
        <translation>Wieder geladen sind die Antworten gleich bei %1 von %L2 Bildern.</translation>
    </message>
    <message>
        <source>Loaded again, its answers differ: %1</source>
        <translation>Wieder geladen weichen die Antworten ab: %1</translation>
    </message>
    <message>
        <source>It could not be checked: %1</source>
        <translation>Es konnte nicht geprüft werden: %1</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>edgeflex::FormatDelegate</name>
    <message>
        <source>Number format</source>
        <translation>Zahlenformat</translation>
    </message>
</context>
<context>
    <name>edgeflex::JobLine</name>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Abbrechen (Esc)</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Then: %1</source>
        <translation>Danach: %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::JobQueue</name>
    <message>
        <source>%1: the engine&apos;s answer lacks fields; install the same version of both programs.</source>
        <translation>%1: der Antwort der Engine fehlen Felder; installieren Sie beide Programme in derselben Version.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>edgeflex::KeepDelegate</name>
    <message>
        <source>Share of the MLP&apos;s channels that stay</source>
        <translation>Anteil der MLP-Kanäle, der bleibt</translation>
    </message>
</context>
<context>
    <name>edgeflex::LayerTreeModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>MLP kept</source>
        <translation>MLP-Anteil</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Share of the MLP&apos;s channels that stay. Drag, or press + and - for the selected blocks</source>
        <translation>Anteil der MLP-Kanäle, der bleibt. Ziehen, oder + und - für die gewählten Blöcke drücken</translation>
    </message>
    <message>
        <source>How the weights are stored and multiplied. Sets all selected layers</source>
        <translation>Wie die Gewichte gespeichert und multipliziert werden. Gilt für alle gewählten Schichten</translation>
    </message>
    <message>
        <source>Bytes in memory for execution, bias and scales included; in grey, the share of what they were</source>
        <translation>Bytes im Speicher zur Ausführung, Bias und Skalen eingeschlossen; in Grau der Anteil am vorigen Wert</translation>
    </message>
    <message>
        <source>Bytes that the layer writes for one batch</source>
        <translation>Bytes, die die Schicht für einen Batch schreibt</translation>
    </message>
    <message>
        <source>Milliseconds for one batch on this machine, each layer measured alone</source>
        <translation>Millisekunden für einen Batch auf diesem Rechner, jede Schicht für sich gemessen</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <source>%1 now, %2 before</source>
        <translation>%1 jetzt, %2 zuvor</translation>
    </message>
</context>
<context>
    <name>edgeflex::LayerTreeView</name>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
</context>
<context>
    <name>edgeflex::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open Model Folder…</source>
        <translation>Modell&amp;ordner öffnen …</translation>
    </message>
    <message>
        <source>Open Model &amp;File…</source>
        <translation>Modell&amp;datei öffnen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About EdgeFlex Studio</source>
        <translation>&amp;Über EdgeFlex Studio</translation>
    </message>
    <message>
        <source>About EdgeFlex Studio</source>
        <translation>Über EdgeFlex Studio</translation>
    </message>
    <message>
        <source>EdgeFlex Studio %1

Fits a Vision Transformer on an edge device and shows what it costs.

Free software under the GNU General Public License, version 3 or later.</source>
        <translation>EdgeFlex Studio %1

Bringt einen Vision Transformer auf ein Edge-Gerät und zeigt, was das kostet.

Freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Über &amp;Qt</translation>
    </message>
    <message>
        <source>Engine stopped</source>
        <translation>Engine beendet</translation>
    </message>
    <message>
        <source>Engine starting…</source>
        <translation>Engine startet …</translation>
    </message>
    <message>
        <source>Engine ready: %1, threads: %2</source>
        <translation>Engine bereit: %1, Threads: %2</translation>
    </message>
    <message>
        <source>Engine not running</source>
        <translation>Engine läuft nicht</translation>
    </message>
    <message>
        <source>The engine ended and was started again. Nothing is lost: “%1” is done once more.</source>
        <translation>Die Engine endete und wurde neu gestartet. Nichts ist verloren: „%1“ wird wiederholt.</translation>
    </message>
    <message>
        <source>Locate the Model…</source>
        <translation>Modell suchen…</translation>
    </message>
    <message>
        <source>&amp;Calibration Images…</source>
        <translation>&amp;Kalibrierbilder…</translation>
    </message>
    <message>
        <source>&amp;Judging Images…</source>
        <translation>&amp;Prüfbilder…</translation>
    </message>
    <message>
        <source>Open S&amp;ession…</source>
        <translation>Sit&amp;zung öffnen…</translation>
    </message>
    <message>
        <source>&amp;Recent Sessions</source>
        <translation>&amp;Letzte Sitzungen</translation>
    </message>
    <message>
        <source>&amp;Save Session</source>
        <translation>Sitzung &amp;speichern</translation>
    </message>
    <message>
        <source>Save Session &amp;As…</source>
        <translation>Sitzung speichern &amp;unter…</translation>
    </message>
    <message>
        <source>E&amp;xport Plan…</source>
        <translation>Plan e&amp;xportieren…</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>&amp;Format of the Selected Layers</source>
        <translation>&amp;Format der gewählten Schichten</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>&amp;Solve for the Budgets</source>
        <translation>Nach Vorgaben &amp;lösen</translation>
    </message>
    <message>
        <source>Run the &amp;EdgeFlex Recipe</source>
        <translation>&amp;EdgeFlex-Rezept ausführen</translation>
    </message>
    <message>
        <source>&amp;Use the Selected Variant&apos;s Plan</source>
        <translation>Plan der gewählten &amp;Variante übernehmen</translation>
    </message>
    <message>
        <source>&amp;Keep Everything</source>
        <translation>&amp;Alles behalten</translation>
    </message>
    <message>
        <source>Keep everything</source>
        <translation>Alles behalten</translation>
    </message>
    <message>
        <source>&amp;Cancel What Runs</source>
        <translation>Laufendes abb&amp;rechen</translation>
    </message>
    <message>
        <source>&amp;Try Again What Failed</source>
        <translation>Fehlgeschlagenes &amp;wiederholen</translation>
    </message>
    <message>
        <source>&amp;Report</source>
        <translation>Be&amp;richt</translation>
    </message>
    <message>
        <source>&amp;PDF…</source>
        <translation>&amp;PDF…</translation>
    </message>
    <message>
        <source>&amp;HTML…</source>
        <translation>&amp;HTML…</translation>
    </message>
    <message>
        <source>&amp;Markdown…</source>
        <translation>&amp;Markdown…</translation>
    </message>
    <message>
        <source>&amp;CSV…</source>
        <translation>&amp;CSV…</translation>
    </message>
    <message>
        <source>&amp;JSON…</source>
        <translation>&amp;JSON…</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Modellordner öffnen</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Modelldatei öffnen</translation>
    </message>
    <message>
        <source>Models (*.safetensors *.pth *.pt *.bin);;All files (*)</source>
        <translation>Modelle (*.safetensors *.pth *.pt *.bin);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Images to calibrate on</source>
        <translation>Bilder zum Kalibrieren</translation>
    </message>
    <message>
        <source>Images to judge on</source>
        <translation>Bilder zum Prüfen</translation>
    </message>
    <message>
        <source>Open a session</source>
        <translation>Sitzung öffnen</translation>
    </message>
    <message>
        <source>Locate the model</source>
        <translation>Modell suchen</translation>
    </message>
    <message>
        <source>Save the session as a folder</source>
        <translation>Sitzung als Ordner speichern</translation>
    </message>
    <message>
        <source>Save the session?</source>
        <translation>Sitzung speichern?</translation>
    </message>
    <message>
        <source>The session with %1 has changes that are not saved.</source>
        <translation>Die Sitzung mit %1 hat Änderungen, die nicht gespeichert sind.</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>The report is in %1.</source>
        <translation>Der Bericht steht in %1.</translation>
    </message>
    <message>
        <source>&amp;Calibrate on These Images</source>
        <translation>Mit diesen Bildern &amp;kalibrieren</translation>
    </message>
    <message>
        <source>&amp;Judge on These Images</source>
        <translation>Mit diesen Bildern &amp;prüfen</translation>
    </message>
    <message>
        <source>Start the Engine Again</source>
        <translation>Engine neu starten</translation>
    </message>
    <message>
        <source>%1[*] - EdgeFlex Studio</source>
        <translation>%1[*] - EdgeFlex Studio</translation>
    </message>
    <message>
        <source>%1[*] (%2) - EdgeFlex Studio</source>
        <translation>%1[*] (%2) - EdgeFlex Studio</translation>
    </message>
</context>
<context>
    <name>edgeflex::Options</name>
    <message>
        <source>Stopped: %1. Plan, Try Again goes on.</source>
        <translation>Angehalten: %1. Plan, Fehlgeschlagenes wiederholen macht weiter.</translation>
    </message>
</context>
<context>
    <name>edgeflex::SourceBar</name>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>&amp;Calibration images</source>
        <translation>&amp;Kalibrierbilder</translation>
    </message>
    <message>
        <source>Calibration images</source>
        <translation>Kalibrierbilder</translation>
    </message>
    <message>
        <source>&amp;Judging images</source>
        <translation>Prüfb&amp;ilder</translation>
    </message>
    <message>
        <source>Judging images</source>
        <translation>Prüfbilder</translation>
    </message>
    <message>
        <source>What the model&apos;s activations are measured on</source>
        <translation>Woran die Aktivierungen des Modells gemessen werden</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>Knapp</translation>
    </message>
    <message>
        <source>Eager</source>
        <translation>Eager</translation>
    </message>
    <message>
        <source>In place, attention image by image, the MLP in tiles</source>
        <translation>An Ort und Stelle, Attention Bild für Bild, das MLP in Kacheln</translation>
    </message>
    <message>
        <source>One tensor an operation, as PyTorch runs it</source>
        <translation>Ein Tensor je Operation, wie PyTorch es ausführt</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Batch, images</source>
        <translation>Batch, Bilder</translation>
    </message>
    <message>
        <source>Sche&amp;dule</source>
        <translation>&amp;Ablauf</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>Ba&amp;tch</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>What the model&apos;s activations and sensitivity are measured on</source>
        <translation>Woran Aktivierungen und Empfindlichkeit des Modells gemessen werden</translation>
    </message>
    <message>
        <source>What accuracy is measured on; images that calibration has not seen</source>
        <translation>Woran die Genauigkeit gemessen wird; Bilder, die die Kalibrierung nicht gesehen hat</translation>
    </message>
</context>
<context>
    <name>edgeflex::StartPage</name>
    <message>
        <source>Open Model &amp;Folder…</source>
        <translation>Modell&amp;ordner öffnen…</translation>
    </message>
    <message>
        <source>Open Model F&amp;ile…</source>
        <translation>Modellda&amp;tei öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;Session…</source>
        <translation>&amp;Sitzung öffnen…</translation>
    </message>
    <message>
        <source>Open a Vision Transformer</source>
        <translation>Einen Vision Transformer öffnen</translation>
    </message>
    <message>
        <source>1.  A folder with a model and its configuration, or a .safetensors, .pth, .pt or .bin file.
2.  Images to calibrate on, and others to judge on.
3.  Then move the sliders, or give a budget and let it be solved.

Models, images and sessions can also be dropped here.</source>
        <translation>1.  Ein Ordner mit Modell und Konfiguration, oder eine .safetensors-, .pth-, .pt- oder .bin-Datei.
2.  Bilder zum Kalibrieren, und andere zum Prüfen.
3.  Dann die Regler bewegen, oder eine Vorgabe machen und lösen lassen.

Modelle, Bilder und Sitzungen können auch hierher gezogen werden.</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>%1 wird geöffnet…</translation>
    </message>
    <message>
        <source>The engine reads the shape of the model; its weights stay on the disk.</source>
        <translation>Die Engine liest die Form des Modells; seine Gewichte bleiben auf der Platte.</translation>
    </message>
</context>
<context>
    <name>edgeflex::TimelineChart</name>
    <message>
        <source>Live memory over the schedule</source>
        <translation>Belegter Speicher im Ablauf</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>Scratch</source>
        <translation>Zwischenspeicher</translation>
    </message>
    <message>
        <source>Weights: %1</source>
        <translation>Gewichte: %1</translation>
    </message>
    <message>
        <source>Tensors: %1</source>
        <translation>Tensoren: %1</translation>
    </message>
    <message>
        <source>Scratch: %1</source>
        <translation>Zwischenspeicher: %1</translation>
    </message>
    <message>
        <source>Together: %1</source>
        <translation>Zusammen: %1</translation>
    </message>
    <message>
        <source>Live memory, MB</source>
        <translation>Belegter Speicher, MB</translation>
    </message>
    <message>
        <source>Live activations, MB</source>
        <translation>Aktivierungen, MB</translation>
    </message>
    <message>
        <source>Peak %1 in %2: %3 of weights and %4 of activations</source>
        <translation>Spitze %1 in %2: %3 Gewichte und %4 Aktivierungen</translation>
    </message>
    <message>
        <source>Peak %1</source>
        <translation>Spitze %1</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
</context>
<context>
    <name>edgeflex::TradeoffPlot</name>
    <message>
        <source>Draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>Final</source>
        <translation>Endgültig</translation>
    </message>
    <message>
        <source>So far</source>
        <translation>Bisher</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Geschätzt</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Points against the original</source>
        <translation>Punkte gegenüber Original</translation>
    </message>
    <message>
        <source>Accuracy over weights</source>
        <translation>Genauigkeit über Gewichten</translation>
    </message>
    <message>
        <source>Weights, MB</source>
        <translation>Gewichte, MB</translation>
    </message>
    <message>
        <source>Accuracy over peak memory</source>
        <translation>Genauigkeit über Speicherspitze</translation>
    </message>
    <message>
        <source>Peak memory, MB</source>
        <translation>Speicherspitze, MB</translation>
    </message>
    <message>
        <source>Accuracy over latency</source>
        <translation>Genauigkeit über Latenz</translation>
    </message>
    <message>
        <source>Latency, % of the original&apos;s</source>
        <translation>Latenz, % des Originals</translation>
    </message>
    <message>
        <source> (final)</source>
        <translation> (endgültig)</translation>
    </message>
    <message>
        <source> (draft)</source>
        <translation> (Entwurf)</translation>
    </message>
    <message>
        <source>Weights: %1</source>
        <translation>Gewichte: %1</translation>
    </message>
    <message>
        <source>Peak memory: %1</source>
        <translation>Speicherspitze: %1</translation>
    </message>
    <message>
        <source>Latency: %1</source>
        <translation>Latenz: %1</translation>
    </message>
    <message>
        <source>Top-1: %1 on %L2 images</source>
        <translation>Top-1: %1 an %L2 Bildern</translation>
    </message>
    <message>
        <source>This plan, on %L1 of %L2 images</source>
        <translation>Dieser Plan, an %L1 von %L2 Bildern</translation>
    </message>
    <message>
        <source>This plan, predicted</source>
        <translation>Dieser Plan, geschätzt</translation>
    </message>
    <message>
        <source>budget</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Dieser Plan</translation>
    </message>
</context>
<context>
    <name>edgeflex::VariantTableModel</name>
    <message>
        <source>%1, threads: %2, batch %3, %4</source>
        <translation>%1, Threads: %2, Batch %3, %4</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>Variante</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Peak</source>
        <translation>Spitze</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Points lost</source>
        <translation>Punkte verloren</translation>
    </message>
    <message>
        <source>Most memory in use at any time, weights included</source>
        <translation>Größter Speicherbedarf, Gewichte eingeschlossen</translation>
    </message>
    <message>
        <source>Times as fast as the original, measured in turns in the same run</source>
        <translation>So viel Mal so schnell wie das Original, abwechselnd im selben Lauf gemessen</translation>
    </message>
    <message>
        <source>Against the original on the same images, with half the 95 % interval</source>
        <translation>Gegenüber dem Original auf denselben Bildern, mit dem halben 95-%-Intervall</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>wird gemessen…</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>%1 (final)</source>
        <translation>%1 (endgültig)</translation>
    </message>
</context>
<context>
    <name>edgeflex::VerdictLine</name>
    <message>
        <source>Verdict: %1</source>
        <translation>Urteil: %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::WorkPage</name>
    <message>
        <source>E&amp;very layer</source>
        <translation>J&amp;ede Schicht</translation>
    </message>
    <message>
        <source>Show the layers of each block, not only the blocks</source>
        <translation>Die Schichten jedes Blocks zeigen, nicht nur die Blöcke</translation>
    </message>
    <message>
        <source>Plan by la&amp;yer</source>
        <translation>Plan nach &amp;Schichten</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Speicherspitze</translation>
    </message>
    <message>
        <source>Memory that is shown</source>
        <translation>Gezeigter Speicher</translation>
    </message>
    <message>
        <source>Accuracy and memory</source>
        <translation>Genauigkeit und Speicher</translation>
    </message>
    <message>
        <source>Accuracy and latency</source>
        <translation>Genauigkeit und Latenz</translation>
    </message>
    <message>
        <source>Weigh&amp;ts</source>
        <translation>Gewi&amp;chte</translation>
    </message>
    <message>
        <source>Draw the weights, which stay in memory throughout, under what is live</source>
        <translation>Die Gewichte, die immer im Speicher bleiben, unter dem zeichnen, was gerade lebt</translation>
    </message>
    <message>
        <source>Activations by layer</source>
        <translation>Aktivierungen nach Schichten</translation>
    </message>
    <message>
        <source>Memory while one batch runs</source>
        <translation>Speicher während eines Batches</translation>
    </message>
    <message>
        <source>Measured variants</source>
        <translation>Gemessene Varianten</translation>
    </message>
    <message>
        <source>What was measured is listed here. A plan that is left alone is measured by itself.</source>
        <translation>Hier steht, was gemessen wurde. Ein Plan, der ruht, wird von selbst gemessen.</translation>
    </message>
    <message>
        <source>Steps of the recipe</source>
        <translation>Schritte des Rezepts</translation>
    </message>
    <message>
        <source>The EdgeFlex recipe prunes the MLPs, stores in FP16 and quantizes with AWQ, and measures each step.</source>
        <translation>Das EdgeFlex-Rezept beschneidet die MLPs, speichert in FP16, quantisiert mit AWQ und misst jeden Schritt.</translation>
    </message>
    <message>
        <source>V&amp;ariants</source>
        <translation>&amp;Varianten</translation>
    </message>
    <message>
        <source>Rec&amp;ipe</source>
        <translation>Reze&amp;pt</translation>
    </message>
    <message>
        <source>Run Ed&amp;geFlex Recipe</source>
        <translation>EdgeFlex-Re&amp;zept ausführen</translation>
    </message>
    <message>
        <source>&amp;Use This Plan</source>
        <translation>Plan über&amp;nehmen</translation>
    </message>
    <message>
        <source>Edit the plan of the selected variant</source>
        <translation>Den Plan der gewählten Variante bearbeiten</translation>
    </message>
    <message>
        <source>Measure Pla&amp;n</source>
        <translation>Plan me&amp;ssen</translation>
    </message>
    <message>
        <source>Choose calibration images first</source>
        <translation>Zuerst Kalibrierbilder wählen</translation>
    </message>
    <message>
        <source>Choose images to judge on first</source>
        <translation>Zuerst Prüfbilder wählen</translation>
    </message>
    <message>
        <source>The model is still being measured</source>
        <translation>Das Modell wird noch vermessen</translation>
    </message>
    <message>
        <source>Solving…</source>
        <translation>Wird gelöst…</translation>
    </message>
    <message>
        <source>Prune, store in FP16, quantize with AWQ, and measure each step</source>
        <translation>Beschneiden, in FP16 speichern, mit AWQ quantisieren und jeden Schritt messen</translation>
    </message>
    <message>
        <source>Measure Pla&amp;n (%1)</source>
        <translation>Plan me&amp;ssen (%1)</translation>
    </message>
    <message>
        <source>This plan is measured already</source>
        <translation>Dieser Plan ist schon gemessen</translation>
    </message>
    <message>
        <source>Carry the plan out and judge it on the images</source>
        <translation>Den Plan ausführen und an den Bildern prüfen</translation>
    </message>
    <message>
        <source>Choose calibration images
to see what layers cost.</source>
        <translation>Kalibrierbilder wählen,
um zu sehen, was Schichten kosten.</translation>
    </message>
    <message>
        <source>Choose images to judge on
to see accuracy.</source>
        <translation>Prüfbilder wählen,
um die Genauigkeit zu sehen.</translation>
    </message>
    <message>
        <source>The original is being measured…</source>
        <translation>Das Original wird gemessen…</translation>
    </message>
    <message>
        <source>Plan of %1</source>
        <translation>Plan von %1</translation>
    </message>
    <message>
        <source>Stopped before the model was measured.
Plan, Try Again goes on.</source>
        <translation>Angehalten, bevor das Modell vermessen war.
Plan, Fehlgeschlagenes wiederholen macht weiter.</translation>
    </message>
</context>
<context>
    <name>edgeflex::Workflow</name>
    <message>
        <source>Opening the model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Checking the model</source>
        <translation>Modell prüfen</translation>
    </message>
    <message>
        <source>The weights at %1 are not those of this session: what was measured does not hold for them.</source>
        <translation>Die Gewichte in %1 sind nicht die dieser Sitzung: was gemessen wurde, gilt für sie nicht.</translation>
    </message>
    <message>
        <source>Reading the images&apos; names</source>
        <translation>Bildnamen lesen</translation>
    </message>
    <message>
        <source>The images have %L1 classes and the model knows %L2: their accuracy will be low; choose images with the model&apos;s own classes.</source>
        <translation>Die Bilder haben %L1 Klassen und das Modell kennt %L2: die Genauigkeit wird gering sein; wählen Sie Bilder mit den Klassen des Modells.</translation>
    </message>
    <message>
        <source>Looking at what was dropped</source>
        <translation>Abgelegtes ansehen</translation>
    </message>
    <message>
        <source>Profiling</source>
        <translation>Profil messen</translation>
    </message>
    <message>
        <source>Measuring sensitivity</source>
        <translation>Empfindlichkeit messen</translation>
    </message>
    <message>
        <source>Measuring the original</source>
        <translation>Original messen</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Measuring the plan</source>
        <translation>Plan messen</translation>
    </message>
    <message>
        <source>Plan %1</source>
        <translation>Plan %1</translation>
    </message>
    <message>
        <source>Timing %1 again</source>
        <translation>Zeit von %1 erneut messen</translation>
    </message>
    <message>
        <source>Recipe: %1</source>
        <translation>Rezept: %1</translation>
    </message>
    <message>
        <source>Solving</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Solve</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Measuring what was found</source>
        <translation>Gefundenes messen</translation>
    </message>
    <message>
        <source>Solved %1</source>
        <translation>Gelöst %1</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>The plan cannot be written to %1: %2.</source>
        <translation>Der Plan kann nicht nach %1 geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>Compressing</source>
        <translation>Komprimieren</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Fits a Vision Transformer on an edge device and shows what it costs.</source>
        <translation>Bringt einen Vision Transformer auf ein Edge-Gerät und zeigt, was das kostet.</translation>
    </message>
    <message>
        <source>Model folder or file, or session folder, to open.</source>
        <translation>Zu öffnender Modellordner oder Modelldatei, oder Ordner einer Sitzung.</translation>
    </message>
    <message>
        <source>Colours of the window: system, light or dark (default: system).</source>
        <translation>Farben des Fensters: system, light oder dark (sonst: system).</translation>
    </message>
    <message>
        <source>Images to calibrate on.</source>
        <translation>Bilder zum Kalibrieren.</translation>
    </message>
    <message>
        <source>Images to judge on.</source>
        <translation>Bilder zum Prüfen.</translation>
    </message>
    <message>
        <source>Write a picture of the window to FILE once nothing is left to do, and quit.</source>
        <translation>Ein Bild des Fensters in FILE schreiben, sobald nichts mehr zu tun ist, und beenden.</translation>
    </message>
    <message>
        <source>Write the report of the session in the folder SESSION as PDF, and quit.</source>
        <translation>Den Bericht der Sitzung im Ordner SESSION als PDF schreiben und beenden.</translation>
    </message>
    <message>
        <source>Where to write the report.</source>
        <translation>Wohin der Bericht geschrieben wird.</translation>
    </message>
</context>
</TS>
