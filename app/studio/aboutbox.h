#pragma once

class QWidget;

namespace edgeflex {

class Document;
class EngineClient;

// Versions of everything that is at work, and the licence.
void showAbout(const EngineClient &engine, const Document &document, QWidget *parent);

} // namespace edgeflex
