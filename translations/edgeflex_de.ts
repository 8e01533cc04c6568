<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutBox</name>
    <message>
        <source>EdgeFlex Studio %1</source>
        <translation>EdgeFlex Studio %1</translation>
    </message>
    <message>
        <source>Qt %1</source>
        <translation>Qt %1</translation>
    </message>
    <message>
        <source>Protocol %1</source>
        <translation>Protokoll %1</translation>
    </message>
    <message>
        <source>Engine: %1, %2, threads: %3</source>
        <translation>Engine: %1, %2, Threads: %3</translation>
    </message>
    <message>
        <source>oneDNN %1, LibTorch %2</source>
        <translation>oneDNN %1, LibTorch %2</translation>
    </message>
    <message>
        <source>About EdgeFlex Studio</source>
        <translation>Über EdgeFlex Studio</translation>
    </message>
    <message>
        <source>Fits a Vision Transformer on an edge device and shows what it costs.</source>
        <translation>Bringt einen Vision Transformer auf ein Edge-Gerät und zeigt, was das kostet.</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Freie Software unter der GNU General Public License, Version 3 oder neuer.</translation>
    </message>
</context>
<context>
    <name>EditPath</name>
    <message>
        <source>%1, undone</source>
        <translation>%1, rückgängig gemacht</translation>
    </message>
    <message>
        <source>from “%1” to “%2”</source>
        <translation>von „%1“ zu „%2“</translation>
    </message>
</context>
<context>
    <name>EditSpeed</name>
    <message>
        <source>%1 %2 (%3 to %4)</source>
        <translation>%1 %2 (%3 bis %4)</translation>
    </message>
    <message>
        <source>by the nearest measured widths</source>
        <translation>nach den nächsten gemessenen Breiten</translation>
    </message>
    <message numerus="yes">
        <source>Each layer alone, batch %1, %n threads, %2</source>
        <translation>
            <numerusform>Jede Schicht für sich, Batch %1, %n Thread, %2</numerusform>
            <numerusform>Jede Schicht für sich, Batch %1, %n Threads, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HalfFigures</name>
    <message>
        <source>linear layer</source>
        <translation>lineare Schicht</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n heads</source>
        <translation>
            <numerusform>%1 von %n Kopf</numerusform>
            <numerusform>%1 von %n Köpfen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 nat</translation>
    </message>
</context>
<context>
    <name>LayerEdits</name>
    <message>
        <source>MLP kept: %1 %</source>
        <translation>MLP behalten: %1 %</translation>
    </message>
    <message>
        <source>Heads: %1 of %2</source>
        <translation>Köpfe: %1 von %2</translation>
    </message>
    <message>
        <source>Heads&apos; dimensions kept: %1 %</source>
        <translation>Dimensionen der Köpfe behalten: %1 %</translation>
    </message>
    <message>
        <source>MLP: a linear layer</source>
        <translation>MLP: eine lineare Schicht</translation>
    </message>
    <message>
        <source>Attention: a linear layer</source>
        <translation>Attention: eine lineare Schicht</translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <source>mean %1, deviation %2</source>
        <translation>Mittelwert %1, Abweichung %2</translation>
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
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Vision Transformer, names as in %1</source>
        <translation>Vision Transformer, Namen wie in %1</translation>
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
    <name>PlanDifference</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1 of every block</source>
        <translation>%1 jedes Blocks</translation>
    </message>
    <message>
        <source>%1 of block %2</source>
        <translation>%1 von Block %2</translation>
    </message>
    <message>
        <source>%1 of blocks %2</source>
        <translation>%1 der Blöcke %2</translation>
    </message>
    <message>
        <source>MLP kept</source>
        <translation>MLP-Anteil</translation>
    </message>
    <message>
        <source>Queries and keys kept</source>
        <translation>Behaltene Queries und Keys</translation>
    </message>
    <message>
        <source>Values kept</source>
        <translation>Behaltene Values</translation>
    </message>
    <message>
        <source>Channels chosen by</source>
        <translation>Kanäle gewählt nach</translation>
    </message>
    <message>
        <source>Refit</source>
        <translation>Refit</translation>
    </message>
    <message>
        <source>Correction of earlier errors</source>
        <translation>Ausgleich früherer Fehler</translation>
    </message>
    <message>
        <source>INT4 group size</source>
        <translation>INT4-Gruppengröße</translation>
    </message>
    <message>
        <source>Scale search of INT4</source>
        <translation>Skalensuche für INT4</translation>
    </message>
    <message>
        <source>Stages of rounding</source>
        <translation>Stufen des Rundens</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>shift</source>
        <translation>Verschiebung</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>Begrenzung</translation>
    </message>
    <message>
        <source>GPTQ</source>
        <translation>GPTQ</translation>
    </message>
    <message>
        <source>bias correction</source>
        <translation>Bias-Korrektur</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Passes of the MLP fit</source>
        <translation>Durchgänge der MLP-Anpassung</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Köpfe</translation>
    </message>
    <message>
        <source>linear layer</source>
        <translation>lineare Schicht</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
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
    <name>SolvedText</name>
    <message>
        <source>All budgets are met.</source>
        <translation>Alle Budgets sind eingehalten.</translation>
    </message>
    <message>
        <source>The budgets cannot all be met; this plan is the nearest there is.</source>
        <translation>Nicht alle Budgets lassen sich einhalten; dieser Plan kommt am nächsten.</translation>
    </message>
    <message>
        <source>On %L1 search images: %2 points lost (95 %: %3 to %4), weights %5, peak %6.</source>
        <translation>Auf %L1 Suchbildern: %2 Punkte verloren (95 %: %3 bis %4), Gewichte %5, Spitze %6.</translation>
    </message>
    <message>
        <source>There its latency was %1 of the original&apos;s.</source>
        <translation>Dort war seine Latenz %1 von der des Originals.</translation>
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
    <message>
        <source>preprocessing</source>
        <translation>Vorbereitung der Bilder</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>Bilder</translation>
    </message>
</context>
<context>
    <name>TradeoffCost</name>
    <message>
        <source>Weights, MB</source>
        <translation>Gewichte, MB</translation>
    </message>
    <message>
        <source>Peak memory, MB</source>
        <translation>Speicherspitze, MB</translation>
    </message>
    <message>
        <source>Latency, % of the original&apos;s</source>
        <translation>Latenz, % des Originals</translation>
    </message>
</context>
<context>
    <name>TradeoffPoint</name>
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
        <source>(estimated from one choice a layer, until all are measured)</source>
        <translation>(aus einer Wahl je Schicht grob geschätzt, bis alle gemessen sind)</translation>
    </message>
    <message>
        <source>(what choices cost, added up)</source>
        <translation>(was die Wahlen kosten, zusammengezählt)</translation>
    </message>
    <message>
        <source>(what choices cost, added up, as measured variants say)</source>
        <translation>(was die Wahlen kosten, zusammengezählt, nach gemessenen Varianten)</translation>
    </message>
    <message>
        <source>(what choices do to the answer to each search image, added up)</source>
        <translation>(was die Wahlen an der Antwort auf jedes Suchbild ändern, zusammengezählt)</translation>
    </message>
</context>
<context>
    <name>TrialText</name>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
    <message>
        <source>Mean %1, deviation %2</source>
        <translation>Mittelwert %1, Abweichung %2</translation>
    </message>
    <message>
        <source>Shorter side %1, then crop</source>
        <translation>Kürzere Seite %1, dann Ausschnitt</translation>
    </message>
    <message>
        <source>Stretched, no crop</source>
        <translation>Gestreckt, kein Ausschnitt</translation>
    </message>
    <message>
        <source>Interpolation: %1</source>
        <translation>Interpolation: %1</translation>
    </message>
    <message>
        <source>The best of these together</source>
        <translation>Die besten davon zusammen</translation>
    </message>
    <message>
        <source>No other way that was tried is better beyond chance, on %L1 images.</source>
        <translation>Keine andere Art, die versucht wurde, ist auf %L1 Bildern mehr als zufällig besser.</translation>
    </message>
    <message>
        <source>“%1” is better beyond chance: %2 instead of %3 on %L4 images.</source>
        <translation>„%1“ ist mehr als zufällig besser: %2 statt %3 auf %L4 Bildern.</translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message>
        <source>estimated</source>
        <translation>grob geschätzt</translation>
    </message>
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
    <name>edgeflex::Bisection</name>
    <message>
        <source>Both states have the same plan: no edit lies between them.</source>
        <translation>Beide Stände haben denselben Plan: Dazwischen liegt keine Änderung.</translation>
    </message>
    <message>
        <source>Carried out as drafts, both states answer the same: no edit alone changed the answer, but how exactly the plan was carried out.</source>
        <translation>Als Entwurf ausgeführt antworten beide Stände gleich: Nicht eine Änderung hat die Antwort geändert, sondern wie genau der Plan ausgeführt wurde.</translation>
    </message>
    <message>
        <source>Looking for the edit that changed an answer</source>
        <translation>Suche nach der Änderung hinter einer Antwort</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1: %2 → %3</translation>
    </message>
</context>
<context>
    <name>edgeflex::BlockActions</name>
    <message>
        <source>Hea&amp;ds of the Selected Blocks</source>
        <translation>Kö&amp;pfe der gewählten Blöcke</translation>
    </message>
    <message>
        <source>Replace &amp;Attention by a Linear Layer</source>
        <translation>&amp;Attention durch eine lineare Schicht ersetzen</translation>
    </message>
    <message>
        <source>Replace M&amp;LP by a Linear Layer</source>
        <translation>M&amp;LP durch eine lineare Schicht ersetzen</translation>
    </message>
    <message>
        <source>How many heads of the selected blocks stay</source>
        <translation>Wie viele Köpfe der gewählten Blöcke bleiben</translation>
    </message>
    <message>
        <source>Changes the answers by, and takes: %1</source>
        <translation>Ändert die Antworten um, und braucht: %1</translation>
    </message>
    <message>
        <source>One linear layer, fitted to what the selected blocks&apos; attention did, takes its place; choose it again to take that back</source>
        <translation>Eine lineare Schicht, daran angepasst, was die Attention der gewählten Blöcke tat, tritt an ihre Stelle; noch einmal wählen nimmt das zurück</translation>
    </message>
    <message>
        <source>One linear layer, fitted to what the selected blocks&apos; MLP did, takes its place; choose it again to take that back</source>
        <translation>Eine lineare Schicht, daran angepasst, was das MLP der gewählten Blöcke tat, tritt an seine Stelle; noch einmal wählen nimmt das zurück</translation>
    </message>
    <message>
        <source>Keep the heads that the answers need most, and refit what follows them</source>
        <translation>Die Köpfe behalten, die am meisten beitragen, und anpassen, was ihnen folgt</translation>
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
        <translation>&amp;Gewichte max.</translation>
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
        <translation>Late&amp;nz max.</translation>
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
        <translation>Spit&amp;ze max.</translation>
    </message>
    <message>
        <source>Most memory in use at any time, weights included.</source>
        <translation>Größter Speicherbedarf, Gewichte eingeschlossen.</translation>
    </message>
    <message>
        <source>L&amp;oss at most</source>
        <translation>Verl&amp;ust max.</translation>
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
    <message>
        <source>Weights of the plan</source>
        <translation>Gewichte des Plans</translation>
    </message>
    <message>
        <source>Peak memory of the plan</source>
        <translation>Spitzenspeicher des Plans</translation>
    </message>
    <message>
        <source>Latency of the plan</source>
        <translation>Latenz des Plans</translation>
    </message>
    <message>
        <source>Accuracy lost by the plan</source>
        <translation>Genauigkeit, die der Plan verliert</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>The bar is the plan, hollow where it is predicted, the tick the budget, the whole the original.</source>
        <translation>Der Balken ist der Plan, hohl, wo er geschätzt ist, der Strich die Vorgabe, das Ganze das Original.</translation>
    </message>
</context>
<context>
    <name>edgeflex::BudgetMeter</name>
    <message>
        <source>(over budget)</source>
        <translation>(über der Vorgabe)</translation>
    </message>
    <message>
        <source>(predicted)</source>
        <translation>(geschätzt)</translation>
    </message>
</context>
<context>
    <name>edgeflex::ChannelMap</name>
    <message>
        <source>Inputs of every channel</source>
        <translation>Eingaben jedes Kanals</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Kanal</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Choose calibration images: then every channel is looked at.</source>
        <translation>Kalibrierbilder wählen: dann wird jeder Kanal angesehen.</translation>
    </message>
    <message>
        <source>Mean |x|</source>
        <translation>Mittel von |x|</translation>
    </message>
    <message>
        <source>Largest |x|</source>
        <translation>Größtes |x|</translation>
    </message>
    <message>
        <source>Channel %1</source>
        <translation>Kanal %1</translation>
    </message>
    <message>
        <source>Channels %1 to %2</source>
        <translation>Kanäle %1 bis %2</translation>
    </message>
    <message>
        <source>Channels, the largest first</source>
        <translation>Kanäle, die größten zuerst</translation>
    </message>
    <message>
        <source>Channel %1, place %2</source>
        <translation>Kanal %1, Platz %2</translation>
    </message>
    <message>
        <source>Channels at places %1 to %2</source>
        <translation>Kanäle auf den Plätzen %1 bis %2</translation>
    </message>
</context>
<context>
    <name>edgeflex::ChannelPanel</name>
    <message>
        <source>MLP channels (inputs of fc2)</source>
        <translation>MLP-Kanäle (Eingaben von fc2)</translation>
    </message>
    <message>
        <source>Inputs of fc1</source>
        <translation>Eingaben von fc1</translation>
    </message>
    <message>
        <source>Inputs of qkv</source>
        <translation>Eingaben von qkv</translation>
    </message>
    <message>
        <source>Inputs of proj</source>
        <translation>Eingaben von proj</translation>
    </message>
    <message>
        <source>Channels that are shown</source>
        <translation>Kanäle, die gezeigt werden</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>Figure that is shown of every channel</source>
        <translation>Zahl, die von jedem Kanal gezeigt wird</translation>
    </message>
    <message>
        <source>Seen over the calibration images; what is faint hardly matters, what glows is an outlier</source>
        <translation>Über die Kalibrierbilder gesehen; Blasses zählt kaum, was glüht, ist ein Ausreißer</translation>
    </message>
    <message>
        <source>In order</source>
        <translation>Geordnet</translation>
    </message>
    <message>
        <source>Every block&apos;s channels from the largest to the smallest, instead of by their numbers; a line marks how many MLP channels the plan keeps. Which ones it keeps, the chosen score says.</source>
        <translation>Die Kanäle jedes Blocks vom größten zum kleinsten statt nach ihren Nummern; eine Linie zeigt, wie viele MLP-Kanäle der Plan behält. Welche er behält, sagt das gewählte Maß.</translation>
    </message>
    <message>
        <source>How large every channel&apos;s inputs are</source>
        <translation>Wie groß die Eingaben jedes Kanals sind</translation>
    </message>
</context>
<context>
    <name>edgeflex::CompareBars</name>
    <message>
        <source>Figures of both states</source>
        <translation>Zahlen beider Stände</translation>
    </message>
    <message>
        <source>%1: A %2, B %3, %4</source>
        <translation>%1: A %2, B %3, %4</translation>
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
    <message>
        <source>Batch of %1</source>
        <translation>Stapel von %1</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Budgets</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>Name of a variant</source>
        <translation>Name einer Variante</translation>
    </message>
    <message>
        <source>Star of a variant</source>
        <translation>Stern einer Variante</translation>
    </message>
    <message>
        <source>MLP kept on average</source>
        <translation>MLP im Mittel behalten</translation>
    </message>
    <message>
        <source>Same for similar layers</source>
        <translation>Gleiches für ähnliche Schichten</translation>
    </message>
    <message>
        <source>Reset of %1</source>
        <translation>%1 zurückgesetzt</translation>
    </message>
    <message numerus="yes">
        <source>Reset of %n layers</source>
        <translation>
            <numerusform>%n Schicht zurückgesetzt</numerusform>
            <numerusform>%n Schichten zurückgesetzt</numerusform>
        </translation>
    </message>
    <message>
        <source>Plan of %1</source>
        <translation>Plan von %1</translation>
    </message>
    <message>
        <source>Pins</source>
        <translation>Festgesteckt</translation>
    </message>
    <message>
        <source>Pins taken away</source>
        <translation>Losgemacht</translation>
    </message>
    <message>
        <source>Linear layer for the MLP of block %1</source>
        <translation>Lineare Schicht statt des MLP von Block %1</translation>
    </message>
    <message numerus="yes">
        <source>Linear layer for the MLP of %n blocks</source>
        <translation>
            <numerusform>Lineare Schicht statt des MLP von %n Block</numerusform>
            <numerusform>Lineare Schicht statt des MLP von %n Blöcken</numerusform>
        </translation>
    </message>
    <message>
        <source>Attention kept of block %1</source>
        <translation>Behaltene Attention von Block %1</translation>
    </message>
    <message numerus="yes">
        <source>Attention kept of %n blocks</source>
        <translation>
            <numerusform>Behaltene Attention von %n Block</numerusform>
            <numerusform>Behaltene Attention von %n Blöcken</numerusform>
        </translation>
    </message>
    <message>
        <source>Heads of block %1</source>
        <translation>Köpfe von Block %1</translation>
    </message>
    <message numerus="yes">
        <source>Heads of %n blocks</source>
        <translation>
            <numerusform>Köpfe von %n Block</numerusform>
            <numerusform>Köpfe von %n Blöcken</numerusform>
        </translation>
    </message>
    <message>
        <source>Linear layer for the attention of block %1</source>
        <translation>Lineare Schicht statt der Attention von Block %1</translation>
    </message>
    <message numerus="yes">
        <source>Linear layer for the attention of %n blocks</source>
        <translation>
            <numerusform>Lineare Schicht statt der Attention von %n Block</numerusform>
            <numerusform>Lineare Schicht statt der Attention von %n Blöcken</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>edgeflex::EffectTableModel</name>
    <message>
        <source>The plan has it</source>
        <translation>Der Plan hat es</translation>
    </message>
    <message>
        <source>Smaller, but not faster on this machine</source>
        <translation>Kleiner, aber auf diesem Rechner nicht schneller</translation>
    </message>
    <message>
        <source>Double-click to do it</source>
        <translation>Doppelklick führt es aus</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Änderung</translation>
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
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>Points lost</source>
        <translation>Punkte verloren</translation>
    </message>
    <message>
        <source>What could be done to the selected layers</source>
        <translation>Was mit den gewählten Schichten getan werden könnte</translation>
    </message>
    <message>
        <source>Change against the plan as it is, predicted</source>
        <translation>Änderung gegenüber dem jetzigen Plan, vorhergesagt</translation>
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
    <message>
        <source>Some images are answered by what was written, and the answers compared with the plan&apos;s</source>
        <translation>Einige Bilder werden mit dem Geschriebenen beantwortet und die Antworten mit denen des Plans verglichen</translation>
    </message>
    <message>
        <source>Copy the lines to the clipboard</source>
        <translation>Die Zeilen in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>The file or folder that is written</source>
        <translation>Die Datei oder der Ordner, die geschrieben werden</translation>
    </message>
    <message>
        <source>Choose where to write</source>
        <translation>Wählen, wohin geschrieben wird</translation>
    </message>
    <message>
        <source>Waits for: %1</source>
        <translation>Wartet auf: %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::ExportRun</name>
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
    <name>edgeflex::FirstPictures</name>
    <message>
        <source>Preparing the first images</source>
        <translation>Die ersten Bilder werden vorbereitet</translation>
    </message>
    <message>
        <source>class %1</source>
        <translation>Klasse %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::FlipGallery</name>
    <message>
        <source>Images whose answer changed</source>
        <translation>Bilder mit geänderter Antwort</translation>
    </message>
</context>
<context>
    <name>edgeflex::FlipModel</name>
    <message>
        <source>class %1</source>
        <translation>Klasse %1</translation>
    </message>
    <message>
        <source>the right class</source>
        <translation>die richtige Klasse</translation>
    </message>
    <message>
        <source>%1 (wrong)</source>
        <translation>%1 (falsch)</translation>
    </message>
    <message>
        <source>%1 (right)</source>
        <translation>%1 (richtig)</translation>
    </message>
    <message>
        <source>image %1</source>
        <translation>Bild %1</translation>
    </message>
    <message>
        <source>A says %1, B says %2</source>
        <translation>A sagt %1, B sagt %2</translation>
    </message>
    <message>
        <source>%1 is %2: %3</source>
        <translation>%1 ist %2: %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>A: %1</source>
        <translation>A: %1</translation>
    </message>
    <message>
        <source>B: %1</source>
        <translation>B: %1</translation>
    </message>
    <message>
        <source>is %1</source>
        <translation>ist %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::FlipPanel</name>
    <message>
        <source>Which images are shown</source>
        <translation>Welche Bilder zu sehen sind</translation>
    </message>
    <message>
        <source>Lost: A is right and B is wrong; won: the other way round</source>
        <translation>Verloren: A richtig, B falsch; gewonnen: umgekehrt</translation>
    </message>
    <message>
        <source>Find the edit between A and B that changed the answer to the selected image, by asking what the plans in between answer (Enter)</source>
        <translation>Die Änderung zwischen A und B finden, die die Antwort zum ausgewählten Bild geändert hat: Die Pläne dazwischen werden befragt (Eingabetaste)</translation>
    </message>
    <message>
        <source>Asking the plans in between: %1 of at most %2 …</source>
        <translation>Die Pläne dazwischen werden befragt: %1 von höchstens %2 …</translation>
    </message>
    <message>
        <source>Choose two different states.</source>
        <translation>Zwei verschiedene Stände wählen.</translation>
    </message>
    <message>
        <source>The answers to single images were not kept when these states were measured: change and measure the plan anew to see which images changed.</source>
        <translation>Als diese Stände gemessen wurden, blieben die Antworten zu den einzelnen Bildern nicht erhalten: Den Plan ändern und neu messen, um zu sehen, welche Bilder sich geändert haben.</translation>
    </message>
    <message>
        <source>No image changed its answer in this way.</source>
        <translation>Zu keinem Bild hat sich die Antwort so geändert.</translation>
    </message>
    <message>
        <source>Stop Looking</source>
        <translation>Suche anhalten</translation>
    </message>
    <message>
        <source>&amp;Which Edit Did It?</source>
        <translation>&amp;Welche Änderung war es?</translation>
    </message>
    <message>
        <source>“%1” (%2)</source>
        <translation>„%1“ (%2)</translation>
    </message>
    <message>
        <source>%1 did it: before, the answer is %2, with it %3.</source>
        <translation>%1 war es: Davor lautet die Antwort %2, damit %3.</translation>
    </message>
    <message>
        <source>It is part of the edit: %1.</source>
        <translation>Teil der Änderung: %1.</translation>
    </message>
    <message>
        <source>%L1 changed of %L2</source>
        <translation>%L1 geändert von %L2</translation>
    </message>
    <message>
        <source>%L1 lost by B</source>
        <translation>%L1 von B verloren</translation>
    </message>
    <message>
        <source>%L1 won by B</source>
        <translation>%L1 von B gewonnen</translation>
    </message>
    <message>
        <source>%L1 wrong in both</source>
        <translation>%L1 in beiden falsch</translation>
    </message>
    <message>
        <source>Answers asked for: %1.</source>
        <translation>Erfragte Antworten: %1.</translation>
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
    <name>edgeflex::FrontBar</name>
    <message>
        <source>Place on the solver&apos;s front</source>
        <translation>Stelle auf der Front des Lösers</translation>
    </message>
    <message>
        <source>Go along the plans that solving found to be the best of their size</source>
        <translation>Die Pläne entlanggehen, die das Lösen als die besten ihrer Größe fand</translation>
    </message>
    <message>
        <source>Solver&apos;s front: smaller</source>
        <translation>Front des Lösers: kleiner</translation>
    </message>
    <message>
        <source>more accurate</source>
        <translation>genauer</translation>
    </message>
    <message>
        <source>Along the solver&apos;s front</source>
        <translation>Die Front des Lösers entlang</translation>
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
    <message>
        <source>Stop the job that runs</source>
        <translation>Den laufenden Auftrag anhalten</translation>
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
    <name>edgeflex::JobTableModel</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>waits for quiet</source>
        <translation>wartet auf Ruhe</translation>
    </message>
</context>
<context>
    <name>edgeflex::JudgedPictures</name>
    <message>
        <source>Fetching pictures</source>
        <translation>Bilder holen</translation>
    </message>
</context>
<context>
    <name>edgeflex::KeepDelegate</name>
    <message>
        <source>Share of the MLP&apos;s channels that stay</source>
        <translation>Anteil der MLP-Kanäle, der bleibt</translation>
    </message>
    <message>
        <source>Heads that stay</source>
        <translation>Köpfe, die bleiben</translation>
    </message>
    <message>
        <source>Share of the heads&apos; dimensions that stay</source>
        <translation>Anteil der Dimensionen der Köpfe, der bleibt</translation>
    </message>
</context>
<context>
    <name>edgeflex::LayerChart</name>
    <message>
        <source>One figure for every layer</source>
        <translation>Eine Zahl für jede Schicht</translation>
    </message>
    <message>
        <source>Other layers</source>
        <translation>Andere Schichten</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Attention %1, MLP %2, other layers %3</source>
        <translation>Attention %1, MLP %2, andere Schichten %3</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
</context>
<context>
    <name>edgeflex::LayerTreeModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
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
    <message>
        <source>Not faster here than FP32</source>
        <translation>Hier nicht schneller als FP32</translation>
    </message>
    <message>
        <source>%1 of %2 channels; in steps of %3, which fill the kernels&apos; tiles</source>
        <translation>%1 von %2 Kanälen; in Schritten von %3, die die Kacheln der Rechenkerne füllen</translation>
    </message>
    <message>
        <source>Pinned: solving leaves it as it is</source>
        <translation>Festgesteckt: das Lösen lässt es, wie es ist</translation>
    </message>
    <message>
        <source>Refit</source>
        <translation>Refit</translation>
    </message>
    <message>
        <source>Points that the ridge refit won back where channels were removed: of 100 points of the layer&apos;s output variance on the calibration images, how many fewer are lost with it than without. Of a block, the most in any of its layers</source>
        <translation>Punkte, die der Ridge-Refit zurückgewonnen hat, wo Kanäle entfernt wurden: Von 100 Punkten der Varianz, die die Ausgabe der Schicht auf den Kalibrierbildern hat, gehen mit ihm so viele weniger verloren als ohne ihn. Bei einem Block: die meisten in einer seiner Schichten</translation>
    </message>
    <message>
        <source>Without the refit %1 of the output&apos;s variance is lost, with it %2</source>
        <translation>Ohne den Refit geht %1 der Varianz der Ausgabe verloren, mit ihm %2</translation>
    </message>
    <message>
        <source>Not faster here than the whole MLP</source>
        <translation>Hier nicht schneller als das ganze MLP</translation>
    </message>
    <message>
        <source>as planned</source>
        <translation>wie geplant</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>What stays: of a block and of mlp.fc1 the share of the MLP&apos;s channels, of attn.qkv that of the heads&apos; dimensions, of attn.proj the heads. Drag, or press + and - for the selected blocks</source>
        <translation>Was bleibt: bei einem Block und mlp.fc1 der Anteil der Kanäle des MLP, bei attn.qkv der der Dimensionen der Köpfe, bei attn.proj die Köpfe. Ziehen, oder + und - für die gewählten Blöcke</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>attn linear</source>
        <translation>Attn. linear</translation>
    </message>
    <message>
        <source>%1/%2 heads</source>
        <translation>%1/%2 Köpfe</translation>
    </message>
    <message>
        <source>A linear layer in the MLP&apos;s place, fitted to what it did</source>
        <translation>Eine lineare Schicht anstelle des MLP, daran angepasst, was es tat</translation>
    </message>
    <message>
        <source>A linear layer in the attention&apos;s place, fitted to what it did</source>
        <translation>Eine lineare Schicht anstelle der Attention, daran angepasst, was sie tat</translation>
    </message>
    <message>
        <source>%1; of each, %2 of %3 dimensions of queries and keys, %4 of %5 of values; in steps of %6</source>
        <translation>%1; von jedem %2 von %3 Dimensionen der Queries und Keys, %4 von %5 der Values; in Schritten von %6</translation>
    </message>
    <message>
        <source>Changes the answers by %1</source>
        <translation>Ändert die Antworten um %1</translation>
    </message>
    <message>
        <source>Takes %1</source>
        <translation>Braucht %1</translation>
    </message>
    <message>
        <source>Not faster here than the whole attention</source>
        <translation>Hier nicht schneller als die ganze Attention</translation>
    </message>
    <message>
        <source>Removed: a linear layer takes the place of this half of the block</source>
        <translation>Entfernt: Eine lineare Schicht steht anstelle dieser Hälfte des Blocks</translation>
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
    <message>
        <source>Show or hide the jobs and the log</source>
        <translation>Aufträge und Protokoll zeigen oder verbergen</translation>
    </message>
    <message>
        <source>The demo&apos;s model is not beside the program</source>
        <translation>Das Modell der Vorführung liegt nicht beim Programm</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Arbeit</translation>
    </message>
    <message>
        <source>The demo&apos;s images are not here; install the Debian package dataset-fashion-mnist.</source>
        <translation>Die Bilder der Vorführung sind nicht da; das Debian-Paket dataset-fashion-mnist installieren.</translation>
    </message>
    <message>
        <source>Say More About the Model…</source>
        <translation>Mehr über das Modell sagen…</translation>
    </message>
    <message>
        <source>The images may be prepared wrongly. %1</source>
        <translation>Die Bilder werden womöglich falsch vorbereitet. %1</translation>
    </message>
    <message>
        <source>Look at It</source>
        <translation>Ansehen</translation>
    </message>
</context>
<context>
    <name>edgeflex::MemoryPanel</name>
    <message>
        <source>Edits that lower the peak</source>
        <translation>Änderungen, die die Spitze senken</translation>
    </message>
    <message>
        <source>No single edit that was tried lowers the peak.</source>
        <translation>Keine der versuchten Änderungen senkt die Spitze.</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Draw the weights, which stay in memory throughout, under what is live</source>
        <translation>Die Gewichte, die immer im Speicher bleiben, unter dem zeichnen, was gerade lebt</translation>
    </message>
    <message>
        <source>Click to see what is in memory</source>
        <translation>Klicken zeigt, was im Speicher ist</translation>
    </message>
    <message>
        <source>What is in memory</source>
        <translation>Was im Speicher ist</translation>
    </message>
    <message>
        <source>The peak, %1 in %2</source>
        <translation>Die Spitze, %1 in %2</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>All weights in %1</source>
        <translation>Alle Gewichte in %1</translation>
    </message>
    <message>
        <source>MLP kept: %1 % in 1 block</source>
        <translation>MLP behalten: %1 % in 1 Block</translation>
    </message>
    <message>
        <source>MLP kept: %1 % in %2 blocks</source>
        <translation>MLP behalten: %1 % in %2 Blöcken</translation>
    </message>
</context>
<context>
    <name>edgeflex::PlanTools</name>
    <message>
        <source>Share of all MLP channels that stay, percent</source>
        <translation>Anteil aller MLP-Kanäle, die bleiben, in Prozent</translation>
    </message>
    <message>
        <source>Share of all MLP channels that stays: the blocks that bear it best give up most</source>
        <translation>Anteil aller MLP-Kanäle, der bleibt: die Blöcke, die es am besten vertragen, geben am meisten her</translation>
    </message>
    <message>
        <source>Format of all layers</source>
        <translation>Format aller Schichten</translation>
    </message>
    <message>
        <source>How all layers are stored and multiplied</source>
        <translation>Wie alle Schichten gespeichert und multipliziert werden</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <source>Apply to Similar</source>
        <translation>Auf Ähnliche</translation>
    </message>
    <message>
        <source>Give what the selected layers have to the same layers of every block (Ctrl+D)</source>
        <translation>Den gleichen Schichten jedes Blocks geben, was die gewählten haben (Strg+D)</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Make the selected layers whole and FP32 again (Ctrl+Backspace)</source>
        <translation>Die gewählten Schichten wieder ganz und zu FP32 machen (Strg+Rück)</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Pin</translation>
    </message>
    <message>
        <source>Solving leaves the selected layers as they are (Ctrl+P)</source>
        <translation>Das Lösen lässt die gewählten Schichten, wie sie sind (Strg+P)</translation>
    </message>
    <message>
        <source>All blocks</source>
        <translation>Alle Blöcke</translation>
    </message>
</context>
<context>
    <name>edgeflex::PreprocessingCheck</name>
    <message>
        <source>Checking how images are prepared</source>
        <translation>Prüfen, wie Bilder vorbereitet werden</translation>
    </message>
</context>
<context>
    <name>edgeflex::ProfilePage</name>
    <message>
        <source>Memory while one batch runs</source>
        <translation>Speicher während eines Batches</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Ranges and 16-bit formats</source>
        <translation>Bereiche und 16-Bit-Formate</translation>
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
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Figure that is shown of every layer</source>
        <translation>Zahl, die von jeder Schicht gezeigt wird</translation>
    </message>
    <message>
        <source>Bytes of the weights, bytes that a layer writes for one batch, milliseconds for one batch with each layer alone, or multiply-accumulates</source>
        <translation>Bytes der Gewichte, Bytes, die eine Schicht für einen Stapel schreibt, Millisekunden für einen Stapel, jede Schicht für sich, oder Multiplikationen mit Addition</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Größte zuerst</translation>
    </message>
    <message>
        <source>Sort the layers by the figure instead of by their order</source>
        <translation>Die Schichten nach der Zahl statt nach ihrer Reihenfolge ordnen</translation>
    </message>
    <message>
        <source>The wheel zooms, a drag moves, a double click shows all layers</source>
        <translation>Das Rad vergrößert, Ziehen verschiebt, ein Doppelklick zeigt alle Schichten</translation>
    </message>
    <message>
        <source>Every layer</source>
        <translation>Jede Schicht</translation>
    </message>
    <message>
        <source>%1 now, %2 before</source>
        <translation>%1 jetzt, %2 zuvor</translation>
    </message>
    <message>
        <source>Time, ms</source>
        <translation>Zeit, ms</translation>
    </message>
    <message>
        <source>MACs, millions</source>
        <translation>MACs, Millionen</translation>
    </message>
    <message>
        <source>%1, MB</source>
        <translation>%1, MB</translation>
    </message>
    <message>
        <source>Choose calibration images: then the layers are timed.</source>
        <translation>Kalibrierbilder wählen: dann werden die Schichten gestoppt.</translation>
    </message>
</context>
<context>
    <name>edgeflex::RangeChart</name>
    <message>
        <source>How large the layers&apos; inputs are</source>
        <translation>Wie groß die Eingaben der Schichten sind</translation>
    </message>
    <message>
        <source>Other layers</source>
        <translation>Andere Schichten</translation>
    </message>
    <message>
        <source>FP16 loses digits</source>
        <translation>FP16 ungenau</translation>
    </message>
    <message>
        <source>FP16 overflows</source>
        <translation>FP16 läuft über</translation>
    </message>
    <message>
        <source>Magnitude of an input</source>
        <translation>Betrag einer Eingabe</translation>
    </message>
    <message>
        <source>Inputs in an octave, %</source>
        <translation>Eingaben je Oktave, %</translation>
    </message>
    <message>
        <source>Choose calibration images: then it is counted
how large the inputs are.</source>
        <translation>Kalibrierbilder wählen: Dann wird gezählt,
wie groß die Eingaben sind.</translation>
    </message>
    <message>
        <source>Magnitudes from %1 to %2</source>
        <translation>Beträge von %1 bis %2</translation>
    </message>
</context>
<context>
    <name>edgeflex::RangePanel</name>
    <message>
        <source>Ranges of the layers&apos; inputs and risks of 16-bit formats</source>
        <translation>Bereiche der Eingaben der Schichten und Risiken von 16-Bit-Formaten</translation>
    </message>
    <message>
        <source>What the calibration images showed</source>
        <translation>Was die Kalibrierbilder zeigten</translation>
    </message>
    <message>
        <source>How the inputs of all layers are spread</source>
        <translation>Verteilung der Eingaben aller Schichten</translation>
    </message>
    <message>
        <source>How the inputs of %1 are spread</source>
        <translation>Verteilung der Eingaben von %1</translation>
    </message>
    <message>
        <source>How the inputs of the selected layers are spread</source>
        <translation>Verteilung der gewählten Eingaben</translation>
    </message>
    <message>
        <source>Choose one layer to see its outlier channels.</source>
        <translation>Eine Schicht wählen, um ihre Ausreißerkanäle zu sehen.</translation>
    </message>
    <message>
        <source>No channel&apos;s largest input is more than 6 times the median channel&apos;s.</source>
        <translation>Bei keinem Kanal ist die größte Eingabe mehr als das 6-Fache des mittleren Kanals.</translation>
    </message>
    <message>
        <source>Outlier channels, with their largest input: %1</source>
        <translation>Ausreißerkanäle mit ihrer größten Eingabe: %1</translation>
    </message>
</context>
<context>
    <name>edgeflex::RiskTableModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Largest input</source>
        <translation>Größte Eingabe</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>Ausreißer</translation>
    </message>
    <message>
        <source>FP16 range</source>
        <translation>FP16-Bereich</translation>
    </message>
    <message>
        <source>FP16 error</source>
        <translation>FP16-Fehler</translation>
    </message>
    <message>
        <source>BF16 error</source>
        <translation>BF16-Fehler</translation>
    </message>
    <message>
        <source>Safe half</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Largest |x| over the calibration images</source>
        <translation>Größtes |x| über die Kalibrierbilder</translation>
    </message>
    <message>
        <source>Channels whose largest input is more than 6 times the median channel&apos;s</source>
        <translation>Kanäle, deren größte Eingabe mehr als das 6-fache des mittleren Kanals ist</translation>
    </message>
    <message>
        <source>Largest input as a share of the largest FP16 number, 65504; amber above 5 %, red above 25 %</source>
        <translation>Größte Eingabe als Anteil der größten FP16-Zahl, 65504; gelb über 5 %, rot über 25 %</translation>
    </message>
    <message>
        <source>Squared error of the layer&apos;s output, relative to the output, when computed in this format</source>
        <translation>Quadratischer Fehler der Ausgabe der Schicht, bezogen auf die Ausgabe, wenn in diesem Format gerechnet wird</translation>
    </message>
    <message>
        <source>The more exact 16-bit format that is safe for the layer</source>
        <translation>Das genauere 16-Bit-Format, das für die Schicht sicher ist</translation>
    </message>
</context>
<context>
    <name>edgeflex::SensitivityGrid</name>
    <message>
        <source>Sensitivity of every choice</source>
        <translation>Empfindlichkeit jeder Wahl</translation>
    </message>
    <message>
        <source>Choose calibration images: then it is measured
what each choice changes.</source>
        <translation>Kalibrierbilder wählen: dann wird gemessen,
was jede Wahl ändert.</translation>
    </message>
</context>
<context>
    <name>edgeflex::SensitivityGridModel</name>
    <message>
        <source>MLP kept</source>
        <translation>MLP-Anteil</translation>
    </message>
    <message>
        <source>Block %1, MLP kept to %2: %3 of %4 channels</source>
        <translation>Block %1, MLP zu %2 behalten: %3 von %4 Kanälen</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>Changes the answers by about %1 nats; an estimate, until it is measured</source>
        <translation>Ändert die Antworten um etwa %1 nat; geschätzt, bis es gemessen ist</translation>
    </message>
    <message>
        <source>Changes the answers by %1 nats</source>
        <translation>Ändert die Antworten um %1 nat</translation>
    </message>
    <message>
        <source>What it changes is not measured</source>
        <translation>Was es ändert, ist nicht gemessen</translation>
    </message>
    <message>
        <source>Saves %1 of weights</source>
        <translation>Spart %1 Gewichte</translation>
    </message>
    <message>
        <source>Not faster here than FP32</source>
        <translation>Hier nicht schneller als FP32</translation>
    </message>
    <message>
        <source>The plan has it; click to take it back</source>
        <translation>Der Plan hat es; ein Klick nimmt es zurück</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>Click to choose it in every row, or in those that are selected</source>
        <translation>Klicken wählt es in jeder Zeile, oder in den ausgewählten</translation>
    </message>
    <message>
        <source>Not faster here than the whole MLP</source>
        <translation>Hier nicht schneller als das ganze MLP</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>beschnitten</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>heads</source>
        <translation>Köpfe</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>linear</translation>
    </message>
    <message>
        <source>Block %1, a linear layer in the attention&apos;s place</source>
        <translation>Block %1, eine lineare Schicht anstelle der Attention</translation>
    </message>
    <message>
        <source>Block %1, a linear layer in the MLP&apos;s place</source>
        <translation>Block %1, eine lineare Schicht anstelle des MLP</translation>
    </message>
    <message>
        <source>Block %1, %2</source>
        <translation>Block %1, %2</translation>
    </message>
    <message>
        <source>Not faster here than the whole attention</source>
        <translation>Hier nicht schneller als die ganze Attention</translation>
    </message>
    <message>
        <source>attn</source>
        <translation>Attn.</translation>
    </message>
    <message>
        <source>MLP</source>
        <translation>MLP</translation>
    </message>
</context>
<context>
    <name>edgeflex::SensitivityLegend</name>
    <message>
        <source>What the shades mean</source>
        <translation>Was die Tönungen bedeuten</translation>
    </message>
    <message>
        <source>How much the model&apos;s answers change when this alone is done: Kullback-Leibler divergence of the logits on the search images, on a logarithmic axis</source>
        <translation>Wie sehr sich die Antworten des Modells ändern, wenn nur dies getan wird: Kullback-Leibler-Divergenz der Logits auf den Suchbildern, auf logarithmischer Achse</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 nat</translation>
    </message>
    <message>
        <source>in the plan</source>
        <translation>im Plan</translation>
    </message>
    <message>
        <source>not faster here</source>
        <translation>hier nicht schneller</translation>
    </message>
    <message>
        <source>%1 nats, estimated</source>
        <translation>%1 nat, grob geschätzt</translation>
    </message>
</context>
<context>
    <name>edgeflex::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Measure by itself what takes at most</source>
        <translation>Von selbst messen, was höchstens dauert</translation>
    </message>
    <message>
        <source>A plan that is left alone is measured in the background, unless that is expected to take longer than this</source>
        <translation>Ein Plan, der in Ruhe gelassen wird, wird im Hintergrund gemessen, wenn das voraussichtlich nicht länger dauert</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Measure by itself what takes at most</source>
        <translation>Von selbst &amp;messen, was höchstens dauert</translation>
    </message>
    <message>
        <source>Dark or light, or as the desktop has it</source>
        <translation>Dunkel oder hell, oder wie der Schreibtisch es hat</translation>
    </message>
</context>
<context>
    <name>edgeflex::SetupPage</name>
    <message>
        <source>What was recognised</source>
        <translation>Was erkannt wurde</translation>
    </message>
    <message>
        <source>Open Again Like This</source>
        <translation>So noch einmal öffnen</translation>
    </message>
    <message>
        <source>Read the model with what is given here; what was measured of it is forgotten</source>
        <translation>Das Modell mit dem hier Angegebenen lesen; was daran gemessen wurde, wird vergessen</translation>
    </message>
    <message>
        <source>What the files do not say, or say wrongly</source>
        <translation>Was die Dateien nicht oder falsch sagen</translation>
    </message>
    <message>
        <source>Images as the model sees them</source>
        <translation>Bilder, wie das Modell sie sieht</translation>
    </message>
    <message>
        <source>Ways of preparing images</source>
        <translation>Arten, Bilder vorzubereiten</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Use the Better One</source>
        <translation>Die bessere nehmen</translation>
    </message>
    <message>
        <source>Read the model with that way of preparing images; what was measured of it is forgotten</source>
        <translation>Das Modell mit dieser Art, Bilder vorzubereiten, lesen; was daran gemessen wurde, wird vergessen</translation>
    </message>
    <message>
        <source>Does another way of preparing them suit it better?</source>
        <translation>Passt ihm eine andere Art der Vorbereitung besser?</translation>
    </message>
    <message>
        <source>Choose calibration images first</source>
        <translation>Zuerst Kalibrierbilder wählen</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>Choose calibration images first.</source>
        <translation>Zuerst Kalibrierbilder wählen.</translation>
    </message>
    <message>
        <source>Usual ways of preparing images are judged…</source>
        <translation>Übliche Arten, Bilder vorzubereiten, werden geprüft…</translation>
    </message>
    <message>
        <source>The files do not say how images are normalised: no accuracy can be measured until it is given at the left.</source>
        <translation>Die Dateien sagen nicht, wie Bilder normiert werden: bis es links angegeben ist, kann keine Genauigkeit gemessen werden.</translation>
    </message>
    <message>
        <source>The first images are being prepared…</source>
        <translation>Die ersten Bilder werden vorbereitet …</translation>
    </message>
    <message>
        <source>The images cannot be shown.</source>
        <translation>Die Bilder können nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>Judge usual ways of preparing images on at most 200 of the search images, or of one calibration image in five</source>
        <translation>Übliche Arten, Bilder vorzubereiten, auf höchstens 200 der Suchbilder prüfen, oder auf einem von fünf Kalibrierbildern</translation>
    </message>
    <message>
        <source>Press Check: usual ways of preparing images are judged on at most 200 of the search images, or of one calibration image in five.</source>
        <translation>Auf Prüfen drücken: übliche Arten, Bilder vorzubereiten, werden auf höchstens 200 der Suchbilder geprüft, oder auf einem von fünf Kalibrierbildern.</translation>
    </message>
</context>
<context>
    <name>edgeflex::ShortcutsDialog</name>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Table of layers</source>
        <translation>Tabelle der Schichten</translation>
    </message>
    <message>
        <source>Type the share that stays</source>
        <translation>Den Anteil eintippen, der bleibt</translation>
    </message>
    <message>
        <source>Choose a format</source>
        <translation>Ein Format wählen</translation>
    </message>
    <message>
        <source>Show or hide the layers of a block</source>
        <translation>Die Schichten eines Blocks zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Select all layers</source>
        <translation>Alle Schichten auswählen</translation>
    </message>
    <message>
        <source>Grid of sensitivity</source>
        <translation>Gitter der Empfindlichkeit</translation>
    </message>
    <message>
        <source>Choose a cell or take it back</source>
        <translation>Eine Zelle wählen oder zurücknehmen</translation>
    </message>
    <message>
        <source>Tables of variants and edits</source>
        <translation>Tabellen der Varianten und Änderungen</translation>
    </message>
    <message>
        <source>Use the plan of the chosen row</source>
        <translation>Den Plan der gewählten Zeile nehmen</translation>
    </message>
    <message>
        <source>Keep a step more or less</source>
        <translation>Eine Stufe mehr oder weniger behalten</translation>
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
    <message>
        <source>Images that the model takes at a time: latency and peak memory are of one such batch</source>
        <translation>Bilder, die das Modell auf einmal nimmt: Latenz und Spitzenspeicher gelten für einen solchen Stapel</translation>
    </message>
    <message>
        <source>In which order the operations run, which decides about the peak memory</source>
        <translation>In welcher Folge die Operationen laufen; das entscheidet über den Spitzenspeicher</translation>
    </message>
</context>
<context>
    <name>edgeflex::SourceDialog</name>
    <message>
        <source>What the Files Do Not Say</source>
        <translation>Was die Dateien nicht sagen</translation>
    </message>
</context>
<context>
    <name>edgeflex::SourceForm</name>
    <message>
        <source>as stated</source>
        <translation>wie angegeben</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>Attention-Köpfe</translation>
    </message>
    <message>
        <source>A bare state dict does not say how many heads its attention has</source>
        <translation>Ein bloßes State-Dict sagt nicht, wie viele Köpfe seine Attention hat</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>What is taken off each colour, of 0 to 1: one number, or three</source>
        <translation>Was von jeder Farbe, von 0 bis 1, abgezogen wird: eine Zahl oder drei</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>What each colour is divided by after that: one number, or three</source>
        <translation>Wodurch jede Farbe danach geteilt wird: eine Zahl oder drei</translation>
    </message>
    <message>
        <source>Shorter side</source>
        <translation>Kürzere Seite</translation>
    </message>
    <message>
        <source>Pixels of the image&apos;s shorter side before the crop; 0 stretches it</source>
        <translation>Pixel der kürzeren Bildseite vor dem Ausschnitt; 0 streckt es</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Pixels of the square from the middle that the model sees</source>
        <translation>Pixel des Quadrats aus der Mitte, das das Modell sieht</translation>
    </message>
    <message>
        <source>Interpolation</source>
        <translation>Interpolation</translation>
    </message>
    <message>
        <source>How the image is resized</source>
        <translation>Wie das Bild in der Größe geändert wird</translation>
    </message>
    <message>
        <source>as stated: %1</source>
        <translation>wie angegeben: %1</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>%1 must be one number, or three apart by commas.</source>
        <translation>%1 muss eine Zahl sein, oder drei mit Kommas dazwischen.</translation>
    </message>
    <message>
        <source>Give both, the mean and the deviation, or neither.</source>
        <translation>Beides angeben, Mittel und Abweichung, oder keines.</translation>
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
        <source>Opening %1…</source>
        <translation>%1 wird geöffnet…</translation>
    </message>
    <message>
        <source>The engine reads the shape of the model; its weights stay on the disk.</source>
        <translation>Die Engine liest die Form des Modells; seine Gewichte bleiben auf der Platte.</translation>
    </message>
    <message>
        <source>Or drop a model, images or a session anywhere in this window</source>
        <translation>Oder ein Modell, Bilder oder eine Sitzung irgendwo in dieses Fenster ziehen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>A folder with a model and its configuration, as timm and Hugging Face write it</source>
        <translation>Ein Ordner mit einem Modell und seiner Konfiguration, wie timm und Hugging Face ihn schreiben</translation>
    </message>
    <message>
        <source>A .safetensors, .pth, .pt or .bin file</source>
        <translation>Eine .safetensors-, .pth-, .pt- oder .bin-Datei</translation>
    </message>
    <message>
        <source>A folder that was saved here or written by “edgeflex session”</source>
        <translation>Ein Ordner, der hier gespeichert oder von „edgeflex session“ geschrieben wurde</translation>
    </message>
    <message>
        <source>Try the &amp;Demo</source>
        <translation>&amp;Vorführung ansehen</translation>
    </message>
    <message>
        <source>Recent sessions</source>
        <translation>Letzte Sitzungen</translation>
    </message>
    <message>
        <source>Sessions that you save appear here.</source>
        <translation>Gespeicherte Sitzungen erscheinen hier.</translation>
    </message>
    <message>
        <source>Go On with It</source>
        <translation>Damit weitermachen</translation>
    </message>
    <message>
        <source>Open the session as it was</source>
        <translation>Die Sitzung öffnen, wie sie war</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Throw the session away</source>
        <translation>Die Sitzung wegwerfen</translation>
    </message>
    <message>
        <source>Fit a Vision Transformer on an edge device</source>
        <translation>Einen Vision Transformer auf ein kleines Gerät bringen</translation>
    </message>
    <message>
        <source>Open a model, give images to calibrate on and others to judge on, then move the sliders, or give a budget and let it be solved.</source>
        <translation>Ein Modell öffnen, Bilder zum Kalibrieren und andere zum Prüfen geben, dann die Regler bewegen, oder eine Vorgabe machen und lösen lassen.</translation>
    </message>
    <message>
        <source>The window ended unexpectedly. The session with %1, as it was at %2, is kept.</source>
        <translation>Das Fenster endete unerwartet. Die Sitzung mit %1 ist im Stand von %2 erhalten.</translation>
    </message>
    <message>
        <source>A Vision Transformer for Fashion-MNIST, fitted into a quarter of its weights</source>
        <translation>Ein Vision Transformer für Fashion-MNIST, auf ein Viertel seiner Gewichte gebracht</translation>
    </message>
</context>
<context>
    <name>edgeflex::TensorTableModel</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Scratch of %1</source>
        <translation>Zwischenspeicher von %1</translation>
    </message>
    <message>
        <source>Weights of the model</source>
        <translation>Gewichte des Modells</translation>
    </message>
    <message>
        <source>throughout</source>
        <translation>durchgehend</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Im Speicher</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>From and to</source>
        <translation>Von und bis</translation>
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
        <source>Peak %1 + weights</source>
        <translation>Spitze %1 + Gewichte</translation>
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
    <name>edgeflex::TradeoffPage</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Speicherspitze</translation>
    </message>
    <message>
        <source>Memory that is shown in both plots of it</source>
        <translation>Speicher, der in beiden Bildern davon gezeigt wird</translation>
    </message>
    <message>
        <source>Bytes of the weights, or the most memory in use at any time</source>
        <translation>Bytes der Gewichte, oder der meiste je benutzte Speicher</translation>
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
        <source>Memory and latency</source>
        <translation>Speicher und Latenz</translation>
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
        <source>Show All</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Take the filter away</source>
        <translation>Den Filter wegnehmen</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>%1 of %2, those in the frame</source>
        <translation>%1 von %2, die im Rahmen</translation>
    </message>
    <message>
        <source>Click a point to take its plan up, drag a frame to look at some</source>
        <translation>Klick auf einen Punkt übernimmt seinen Plan, ein gezogener Rahmen wählt einige aus</translation>
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
        <source>budget</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Dieser Plan</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>Pareto-Front</translation>
    </message>
    <message>
        <source>%1 over %2</source>
        <translation>%1 über %2</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Solver&apos;s front</source>
        <translation>Front des Lösers</translation>
    </message>
</context>
<context>
    <name>edgeflex::TrialChart</name>
    <message>
        <source>points against the first</source>
        <translation>Punkte gegenüber der ersten</translation>
    </message>
</context>
<context>
    <name>edgeflex::TunePage</name>
    <message>
        <source>Sliders</source>
        <translation>Regler</translation>
    </message>
    <message>
        <source>The plan as sliders and formats, a row a layer</source>
        <translation>Der Plan als Regler und Formate, eine Zeile je Schicht</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>Every choice there is, by how much it changes the answers</source>
        <translation>Jede mögliche Wahl, danach wie sehr sie die Antworten ändert</translation>
    </message>
    <message>
        <source>Find layers</source>
        <translation>Schichten finden</translation>
    </message>
    <message>
        <source>Only rows with this in their name or format, such as fc1, 3.attn or int8</source>
        <translation>Nur Zeilen, deren Name oder Format dies enthält, wie fc1, 3.attn oder int8</translation>
    </message>
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
        <source>What each edit buys and costs</source>
        <translation>Was jede Änderung bringt und kostet</translation>
    </message>
    <message>
        <source>Select layers: here is what each edit of them would buy and cost.</source>
        <translation>Schichten auswählen: hier steht, was jede Änderung an ihnen brächte und kostete.</translation>
    </message>
    <message>
        <source>What an Edit Buys</source>
        <translation>Wirkung</translation>
    </message>
    <message>
        <source>Run Ed&amp;geFlex Recipe</source>
        <translation>Re&amp;zept ausführen</translation>
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
        <source>Solving…</source>
        <translation>Wird gelöst…</translation>
    </message>
    <message>
        <source>Prune, store in FP16, quantize with AWQ, and measure each step</source>
        <translation>Beschneiden, in FP16 speichern, mit AWQ quantisieren und jeden Schritt messen</translation>
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
        <source>Stopped before the model was measured.
Plan, Try Again goes on.</source>
        <translation>Angehalten, bevor das Modell vermessen war.
Plan, Fehlgeschlagenes wiederholen macht weiter.</translation>
    </message>
    <message>
        <source>Bytes of the weights, or the most memory in use at any time</source>
        <translation>Bytes der Gewichte, oder der meiste je benutzte Speicher</translation>
    </message>
    <message>
        <source>The original
is being measured…</source>
        <translation>Das Original
wird gemessen …</translation>
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
    <message>
        <source>Process</source>
        <translation>Prozess</translation>
    </message>
    <message>
        <source>Most memory of a fresh process that runs the model, above what it takes idle</source>
        <translation>Der meiste Speicher eines frischen Prozesses, der das Modell ausführt, über dem im Leerlauf</translation>
    </message>
</context>
<context>
    <name>edgeflex::VariantTreeModel</name>
    <message>
        <source>starred</source>
        <translation>mit Stern</translation>
    </message>
    <message>
        <source>not starred</source>
        <translation>ohne Stern</translation>
    </message>
    <message>
        <source>Click to star it, or take the star away</source>
        <translation>Klicken gibt einen Stern oder nimmt ihn weg</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
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
        <source>Points lost</source>
        <translation>Punkte verloren</translation>
    </message>
    <message>
        <source>%1 (final)</source>
        <translation>%1 (endgültig)</translation>
    </message>
</context>
<context>
    <name>edgeflex::VariantsPage</name>
    <message>
        <source>States</source>
        <translation>Stände</translation>
    </message>
    <message>
        <source>Use This Plan</source>
        <translation>Diesen Plan nehmen</translation>
    </message>
    <message>
        <source>Edit the plan of the selected state; what is measured next becomes its child</source>
        <translation>Den Plan des gewählten Stands bearbeiten; was danach gemessen wird, steht unter ihm</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>Stern</translation>
    </message>
    <message>
        <source>Star the selected state, or take the star away</source>
        <translation>Dem gewählten Stand einen Stern geben oder nehmen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Give the selected state another name (F2)</source>
        <translation>Dem gewählten Stand einen anderen Namen geben (F2)</translation>
    </message>
    <message>
        <source>States, under what they were made from</source>
        <translation>Stände, unter dem, woraus sie wurden</translation>
    </message>
    <message>
        <source>State A</source>
        <translation>Stand A</translation>
    </message>
    <message>
        <source>State B</source>
        <translation>Stand B</translation>
    </message>
    <message>
        <source>One of the two states that are compared</source>
        <translation>Einer der beiden Stände, die verglichen werden</translation>
    </message>
    <message>
        <source>What the plans do differently</source>
        <translation>Was die Pläne anders tun</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Weights of every layer in both states</source>
        <translation>Gewichte jeder Schicht in beiden Ständen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Weights by layer: B as bars, A in outline</source>
        <translation>Gewichte je Schicht: B als Balken, A als Umriss</translation>
    </message>
    <message>
        <source>What was measured can be compared here, once there is something.</source>
        <translation>Gemessenes kann hier verglichen werden, sobald es etwas gibt.</translation>
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
        <source>Process peak</source>
        <translation>Prozess-Spitze</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>Nothing: both do the same</source>
        <translation>Nichts: beide tun dasselbe</translation>
    </message>
    <message>
        <source>A %1, B %2</source>
        <translation>A %1, B %2</translation>
    </message>
    <message>
        <source>Weights, MB</source>
        <translation>Gewichte, MB</translation>
    </message>
    <message>
        <source>Proven: at most %1 points lost.</source>
        <translation>Bewiesen: höchstens %1 Punkte verloren.</translation>
    </message>
    <message>
        <source>That at most %1 are lost is not proven.</source>
        <translation>Dass höchstens %1 verloren sind, ist nicht bewiesen.</translation>
    </message>
    <message>
        <source>Choose two different states.</source>
        <translation>Zwei verschiedene Stände wählen.</translation>
    </message>
    <message>
        <source>Both were compared with the original on the same images, not with each other: of the difference between their accuracies nothing is proven.</source>
        <translation>Beide wurden auf denselben Bildern mit dem Original verglichen, nicht miteinander: vom Unterschied ihrer Genauigkeiten ist nichts bewiesen.</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Pläne</translation>
    </message>
    <message>
        <source>Changed Answers</source>
        <translation>Geänderte Antworten</translation>
    </message>
    <message>
        <source>The images whose answer changed, with both answers</source>
        <translation>Die Bilder, deren Antwort sich geändert hat, mit beiden Antworten</translation>
    </message>
    <message>
        <source>On the same %L1 images “%2” loses %3 points against “%4” (95 %: %5 to %6; exact McNemar p = %7).</source>
        <translation>Auf denselben %L1 Bildern verliert „%2“ gegen „%4“ %3 Punkte (95 %: %5 bis %6; McNemar exakt p = %7).</translation>
    </message>
    <message>
        <source>The difference is beyond chance.</source>
        <translation>Der Unterschied ist kein Zufall.</translation>
    </message>
    <message>
        <source>The difference may be chance.</source>
        <translation>Der Unterschied kann Zufall sein.</translation>
    </message>
    <message>
        <source>What was measured is listed here. A plan that is left alone is measured by itself.</source>
        <translation>Hier steht, was gemessen wurde. Ein Plan, der ruht, wird von selbst gemessen.</translation>
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
    <name>edgeflex::WindowMenus</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open Model Folder…</source>
        <translation>Modell&amp;ordner öffnen …</translation>
    </message>
    <message>
        <source>A folder with a model and its configuration</source>
        <translation>Ein Ordner mit einem Modell und seiner Konfiguration</translation>
    </message>
    <message>
        <source>Open Model &amp;File…</source>
        <translation>Modell&amp;datei öffnen …</translation>
    </message>
    <message>
        <source>A .safetensors, .pth, .pt or .bin file</source>
        <translation>Eine .safetensors-, .pth-, .pt- oder .bin-Datei</translation>
    </message>
    <message>
        <source>&amp;Calibration Images…</source>
        <translation>&amp;Kalibrierbilder…</translation>
    </message>
    <message>
        <source>What the model&apos;s activations and sensitivity are measured on</source>
        <translation>Woran Aktivierungen und Empfindlichkeit des Modells gemessen werden</translation>
    </message>
    <message>
        <source>&amp;Judging Images…</source>
        <translation>&amp;Prüfbilder…</translation>
    </message>
    <message>
        <source>What accuracy is measured on; images that calibration has not seen</source>
        <translation>Woran die Genauigkeit gemessen wird; Bilder, die die Kalibrierung nicht gesehen hat</translation>
    </message>
    <message>
        <source>Open S&amp;ession…</source>
        <translation>Sit&amp;zung öffnen…</translation>
    </message>
    <message>
        <source>A folder that was saved here or written by “edgeflex session”</source>
        <translation>Ein Ordner, der hier gespeichert oder von „edgeflex session“ geschrieben wurde</translation>
    </message>
    <message>
        <source>&amp;Recent Sessions</source>
        <translation>&amp;Letzte Sitzungen</translation>
    </message>
    <message>
        <source>Sessions that were opened or saved last</source>
        <translation>Zuletzt geöffnete oder gespeicherte Sitzungen</translation>
    </message>
    <message>
        <source>Try the &amp;Demo</source>
        <translation>&amp;Vorführung ansehen</translation>
    </message>
    <message>
        <source>A small Vision Transformer that comes with the program</source>
        <translation>Ein kleiner Vision Transformer, der zum Programm gehört</translation>
    </message>
    <message>
        <source>&amp;Save Session</source>
        <translation>Sitzung &amp;speichern</translation>
    </message>
    <message>
        <source>Everything but the weights, as a folder</source>
        <translation>Alles außer den Gewichten, als Ordner</translation>
    </message>
    <message>
        <source>Save Session &amp;As…</source>
        <translation>Sitzung speichern &amp;unter…</translation>
    </message>
    <message>
        <source>Save the session as another folder</source>
        <translation>Die Sitzung als anderen Ordner speichern</translation>
    </message>
    <message>
        <source>E&amp;xport Plan…</source>
        <translation>Plan e&amp;xportieren…</translation>
    </message>
    <message>
        <source>Compress to final quality and write ONNX or safetensors</source>
        <translation>In endgültiger Güte verkleinern und ONNX oder safetensors schreiben</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Das Fenster schließen</translation>
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
        <source>Take the last edit back</source>
        <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Do again what was taken back</source>
        <translation>Zurückgenommenes wieder tun</translation>
    </message>
    <message>
        <source>&amp;Find Layers</source>
        <translation>Schichten &amp;finden</translation>
    </message>
    <message>
        <source>Show only the layers with a text in their name or format</source>
        <translation>Nur Schichten zeigen, deren Name oder Format einen Text enthält</translation>
    </message>
    <message>
        <source>&amp;Apply to Similar Layers</source>
        <translation>Auf &amp;ähnliche Schichten anwenden</translation>
    </message>
    <message>
        <source>Give what the selected layers have to the same layers of every block</source>
        <translation>Den gleichen Schichten jedes Blocks geben, was die gewählten haben</translation>
    </message>
    <message>
        <source>Re&amp;set Selected Layers</source>
        <translation>Gewählte Schichten &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Make the selected layers whole and FP32 again</source>
        <translation>Die gewählten Schichten wieder ganz und zu FP32 machen</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Colours, and how long is measured without being asked</source>
        <translation>Farben, und wie lange ungefragt gemessen wird</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Sensitivity as a &amp;Grid</source>
        <translation>Empfindlichkeit als &amp;Gitter</translation>
    </message>
    <message>
        <source>Every choice there is, by how much it changes the answers</source>
        <translation>Jede mögliche Wahl, danach wie sehr sie die Antworten ändert</translation>
    </message>
    <message>
        <source>&amp;Work and Log</source>
        <translation>A&amp;rbeit und Protokoll</translation>
    </message>
    <message>
        <source>The jobs of the engine, and what happened</source>
        <translation>Die Aufträge der Engine, und was geschah</translation>
    </message>
    <message>
        <source>&amp;Full Screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Use the whole screen</source>
        <translation>Den ganzen Bildschirm nutzen</translation>
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
        <source>How the selected layers are stored and multiplied</source>
        <translation>Wie die gewählten Schichten gespeichert und multipliziert werden</translation>
    </message>
    <message>
        <source>Store and multiply the selected layers in %1</source>
        <translation>Die gewählten Schichten in %1 speichern und multiplizieren</translation>
    </message>
    <message>
        <source>&amp;Pin Selected Layers</source>
        <translation>Gewählte Schichten &amp;feststecken</translation>
    </message>
    <message>
        <source>Solving leaves the selected layers as they are</source>
        <translation>Das Lösen lässt die gewählten Schichten, wie sie sind</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>Carry the plan out and judge it on the images</source>
        <translation>Den Plan ausführen und an den Bildern prüfen</translation>
    </message>
    <message>
        <source>&amp;Solve for the Budgets</source>
        <translation>Nach Vorgaben &amp;lösen</translation>
    </message>
    <message>
        <source>Find the plan that loses least within the budgets</source>
        <translation>Den Plan finden, der innerhalb der Vorgaben am wenigsten verliert</translation>
    </message>
    <message>
        <source>Run the &amp;EdgeFlex Recipe</source>
        <translation>&amp;EdgeFlex-Rezept ausführen</translation>
    </message>
    <message>
        <source>Prune, store in FP16, quantize with AWQ, and measure each step</source>
        <translation>Beschneiden, in FP16 speichern, mit AWQ quantisieren und jeden Schritt messen</translation>
    </message>
    <message>
        <source>&amp;Use the Selected Variant&apos;s Plan</source>
        <translation>Plan der gewählten &amp;Variante übernehmen</translation>
    </message>
    <message>
        <source>Edit the plan of the selected variant</source>
        <translation>Den Plan der gewählten Variante bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Keep Everything</source>
        <translation>&amp;Alles behalten</translation>
    </message>
    <message>
        <source>The whole model in FP32</source>
        <translation>Das ganze Modell in FP32</translation>
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
        <source>Stop the job that runs</source>
        <translation>Den laufenden Auftrag anhalten</translation>
    </message>
    <message>
        <source>&amp;Try Again What Failed</source>
        <translation>Fehlgeschlagenes &amp;wiederholen</translation>
    </message>
    <message>
        <source>Ask again for what was stopped or failed</source>
        <translation>Noch einmal verlangen, was angehalten wurde oder fehlschlug</translation>
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
        <source>A document to print or to send</source>
        <translation>Ein Dokument zum Drucken oder Verschicken</translation>
    </message>
    <message>
        <source>&amp;HTML…</source>
        <translation>&amp;HTML…</translation>
    </message>
    <message>
        <source>One page for a browser</source>
        <translation>Eine Seite für den Browser</translation>
    </message>
    <message>
        <source>&amp;Markdown…</source>
        <translation>&amp;Markdown…</translation>
    </message>
    <message>
        <source>Text for a repository</source>
        <translation>Text für ein Repository</translation>
    </message>
    <message>
        <source>&amp;CSV…</source>
        <translation>&amp;CSV…</translation>
    </message>
    <message>
        <source>The tables, for a spreadsheet</source>
        <translation>Die Tabellen, für eine Tabellenkalkulation</translation>
    </message>
    <message>
        <source>&amp;JSON…</source>
        <translation>&amp;JSON…</translation>
    </message>
    <message>
        <source>Everything, for a program</source>
        <translation>Alles, für ein Programm</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Every key there is</source>
        <translation>Alle Tasten, die es gibt</translation>
    </message>
    <message>
        <source>&amp;About EdgeFlex Studio</source>
        <translation>&amp;Über EdgeFlex Studio</translation>
    </message>
    <message>
        <source>Versions and licence</source>
        <translation>Versionen und Lizenz</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Über &amp;Qt</translation>
    </message>
    <message>
        <source>The toolkit of this window</source>
        <translation>Womit dieses Fenster gebaut ist</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
    <message>
        <source>S&amp;tar the Selected Variant</source>
        <translation>Die gewählte Variante mit &amp;Stern</translation>
    </message>
    <message>
        <source>Star the selected state, or take the star away</source>
        <translation>Dem gewählten Stand einen Stern geben oder nehmen</translation>
    </message>
    <message>
        <source>Re&amp;name the Selected Variant</source>
        <translation>Die gewählte Variante umbe&amp;nennen</translation>
    </message>
    <message>
        <source>Give the selected state another name</source>
        <translation>Dem gewählten Zustand einen anderen Namen geben</translation>
    </message>
    <message>
        <source>C&amp;heck How Images Are Prepared</source>
        <translation>P&amp;rüfen, wie Bilder vorbereitet werden</translation>
    </message>
    <message>
        <source>Judge usual ways of preparing images on at most 200 of the search images, or of one calibration image in five</source>
        <translation>Übliche Arten, Bilder vorzubereiten, auf höchstens 200 der Suchbilder prüfen, oder auf einem von fünf Kalibrierbildern</translation>
    </message>
</context>
<context>
    <name>edgeflex::WorkPage</name>
    <message>
        <source>Measure Pla&amp;n</source>
        <translation>Plan me&amp;ssen</translation>
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
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Trade-&amp;off</source>
        <translation>Ab&amp;wägung</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>&amp;Tune</source>
        <translation>A&amp;bstimmen</translation>
    </message>
    <message>
        <source>What was measured, from all sides: accuracy, memory and latency</source>
        <translation>Was gemessen wurde, von allen Seiten: Genauigkeit, Speicher und Latenz</translation>
    </message>
    <message>
        <source>Where the bytes and the time go: layers, memory, channels, 16-bit formats</source>
        <translation>Wohin die Bytes und die Zeit gehen: Schichten, Speicher, Kanäle, 16-Bit-Formate</translation>
    </message>
    <message>
        <source>Make a plan: sliders, formats, budgets, and the plots that move with them</source>
        <translation>Einen Plan machen: Regler, Formate, Vorgaben und die Bilder, die sich mit ihnen bewegen</translation>
    </message>
    <message>
        <source>&amp;Setup</source>
        <translation>&amp;Einrichten</translation>
    </message>
    <message>
        <source>&amp;Variants</source>
        <translation>&amp;Varianten</translation>
    </message>
    <message>
        <source>What was recognised of the model, and how its images are prepared</source>
        <translation>Was vom Modell erkannt wurde, und wie seine Bilder vorbereitet werden</translation>
    </message>
    <message>
        <source>The history of what was measured, and any two states side by side</source>
        <translation>Die Geschichte des Gemessenen, und je zwei Stände nebeneinander</translation>
    </message>
</context>
<context>
    <name>edgeflex::WorkPanel</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>What happens is written here.</source>
        <translation>Was geschieht, steht hier.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the whole log</source>
        <translation>Das ganze Protokoll kopieren</translation>
    </message>
    <message>
        <source>Ask again for what was stopped or failed</source>
        <translation>Noch einmal verlangen, was angehalten wurde oder fehlschlug</translation>
    </message>
    <message>
        <source>%1: done in %2</source>
        <translation>%1: fertig in %2</translation>
    </message>
    <message>
        <source>%1: stopped</source>
        <translation>%1: angehalten</translation>
    </message>
    <message>
        <source>%1: failed. %2</source>
        <translation>%1: fehlgeschlagen. %2</translation>
    </message>
    <message>
        <source>The engine ended during “%1”, which is done once more.</source>
        <translation>Die Engine endete während „%1“; das wird noch einmal getan.</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Arbeit</translation>
    </message>
    <message>
        <source>Stop the chosen job; where none is chosen, the one that runs (Esc)</source>
        <translation>Den gewählten Auftrag anhalten; wo keiner gewählt ist, den laufenden (Esc)</translation>
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
        <source>Estimating sensitivity</source>
        <translation>Empfindlichkeit schätzen</translation>
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
        <source>Stopped: %1. Plan, Try Again goes on.</source>
        <translation>Angehalten: %1. Plan, Fehlgeschlagenes wiederholen macht weiter.</translation>
    </message>
    <message>
        <source>Timing the layers</source>
        <translation>Schichten messen</translation>
    </message>
    <message>
        <source>Whether the weights at %1 are those of this session is not known, and nothing is measured before it is: Plan, Try Again looks.</source>
        <translation>Ob die Gewichte in %1 die dieser Sitzung sind, ist nicht bekannt, und vorher wird nichts gemessen: Plan, Fehlgeschlagenes wiederholen sieht nach.</translation>
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
    <message>
        <source>Colours of the window: system, light or dark (default: what the settings say).</source>
        <translation>Farben des Fensters: system, light oder dark (sonst: was die Einstellungen sagen).</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>&amp;Ja</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
</context>
</TS>
