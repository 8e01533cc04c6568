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
        <source>The engine %1 and is started again; what it was doing is lost.</source>
        <translation>Die Engine %1 und wird neu gestartet; ihr laufender Auftrag ist verloren.</translation>
    </message>
    <message>
        <source>The engine %1 %2 as soon as it was started.</source>
        <translation>Die Engine %1 %2 gleich nach dem Start.</translation>
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
    <name>edgeflex::LayerTableModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Outputs × inputs</source>
        <translation>Ausgänge × Eingänge</translation>
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
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Bytes in memory for execution, bias and scales included</source>
        <translation>Bytes im Speicher bei der Ausführung, mit Bias und Skalen</translation>
    </message>
    <message>
        <source>Share of the model&apos;s multiply-accumulate operations; attention&apos;s own products are the rest</source>
        <translation>Anteil an den Multiplikations-Additionen des Modells; den Rest machen die Produkte der Attention aus</translation>
    </message>
</context>
<context>
    <name>edgeflex::MainWindow</name>
    <message>
        <source>Opening a model</source>
        <translation>Ein Modell wird geöffnet</translation>
    </message>
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
        <source>Open a Vision Transformer</source>
        <translation>Einen Vision Transformer öffnen</translation>
    </message>
    <message>
        <source>A folder with a model and its configuration, or a .safetensors, .pth, .pt or .bin file. It can also be dropped here.</source>
        <translation>Ein Ordner mit einem Modell und seiner Konfiguration oder eine Datei .safetensors, .pth, .pt oder .bin. Beides lässt sich auch hierher ziehen.</translation>
    </message>
    <message>
        <source>Open Model Folder…</source>
        <translation>Modellordner öffnen …</translation>
    </message>
    <message>
        <source>Open Model File…</source>
        <translation>Modelldatei öffnen …</translation>
    </message>
    <message>
        <source>Open Model Folder</source>
        <translation>Modellordner öffnen</translation>
    </message>
    <message>
        <source>Open Model File</source>
        <translation>Modelldatei öffnen</translation>
    </message>
    <message>
        <source>Models (*.safetensors *.pth *.pt *.bin)</source>
        <translation>Modelle (*.safetensors *.pth *.pt *.bin)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>%1 - EdgeFlex Studio</source>
        <translation>%1 – EdgeFlex Studio</translation>
    </message>
    <message>
        <source>The engine&apos;s answer about %1 lacks fields; install the same version of both programs.</source>
        <translation>In der Antwort der Engine zu %1 fehlen Angaben; beide Programme müssen in derselben Version installiert sein.</translation>
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
</context>
<context>
    <name>edgeflex::ModelPage</name>
    <message>
        <source>Facts about the model</source>
        <translation>Angaben zum Modell</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>&amp;Schichten</translation>
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
        <source>Show &amp;weights</source>
        <translation>&amp;Gewichte zeigen</translation>
    </message>
    <message>
        <source>Draw the weights, which stay in memory throughout, under what is live</source>
        <translation>Die Gewichte, die immer im Speicher bleiben, unter dem zeichnen, was gerade lebt</translation>
    </message>
    <message>
        <source>&amp;Schedule:</source>
        <translation>&amp;Ablauf:</translation>
    </message>
    <message>
        <source>&amp;Batch:</source>
        <translation>&amp;Batch:</translation>
    </message>
    <message>
        <source>Memory while one batch runs</source>
        <translation>Speicher während eines Batches</translation>
    </message>
    <message>
        <source>%1. Predicted; the images themselves and the logits are not counted.</source>
        <translation>%1. Vorhergesagt; die Bilder selbst und die Logits sind nicht mitgezählt.</translation>
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
        <source>Block, in execution order</source>
        <translation>Block, in der Reihenfolge der Ausführung</translation>
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
</context>
<context>
    <name>main</name>
    <message>
        <source>Fits a Vision Transformer on an edge device and shows what it costs.</source>
        <translation>Bringt einen Vision Transformer auf ein Edge-Gerät und zeigt, was das kostet.</translation>
    </message>
    <message>
        <source>Model folder or file to open.</source>
        <translation>Modellordner oder -datei, die geöffnet wird.</translation>
    </message>
    <message>
        <source>Colours of the window: system, light or dark (default: system).</source>
        <translation>Farben des Fensters: system, light oder dark (sonst: system).</translation>
    </message>
    <message>
        <source>Write a picture of the window to FILE once MODEL is open, and quit.</source>
        <translation>Ein Bild des Fensters nach FILE schreiben, sobald MODEL offen ist, und enden.</translation>
    </message>
    <message>
        <source>Write the report of the session in the folder SESSION as PDF, and quit.</source>
        <translation>Den Bericht zur Sitzung im Ordner SESSION als PDF schreiben und enden.</translation>
    </message>
    <message>
        <source>Where to write the report.</source>
        <translation>Wohin der Bericht geschrieben wird.</translation>
    </message>
</context>
<context>
    <name>PdfReport</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 kann nicht geschrieben werden: %2</translation>
    </message>
</context>
</TS>
