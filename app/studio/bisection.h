#pragma once

#include "app/studio/editpath.h"
#include "plan/results.h"

#include <QObject>
#include <QStringList>

#include <map>
#include <optional>

namespace edgeflex {

class Document;
class Workflow;

// Looks for the edit that changed the answer to one image on the way from one state to another: halves the way, asking
// the engine what the plan in the middle answers where no measurement says, first between the edits as they were made,
// then between the layers that the edit concerned. One search at a time.
class Bisection : public QObject
{
    Q_OBJECT

public:
    struct Result
    {
        QString edit;       // as it was made; empty where it concerned a single layer
        QString difference; // of the one choice: "mlp.fc2 of block 7: FP32 → INT8"
        QStringList layers;
        ImageAnswer before;
        ImageAnswer after;
        int asked = 0; // answers that the engine gave
    };

    Bisection(Document *document, Workflow *workflow, QObject *parent = nullptr);

    // A search that runs is given up.
    void start(int a, int b, std::int64_t image);
    void stop();
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void progressed(int asked, int atMost);
    void found(const edgeflex::Bisection::Result &result);
    void failed(const QString &sentence); // empty: stopped

private:
    using Answer = std::optional<int>; // nothing: the right one

    void next();
    void ask(int step);
    void narrowDown();
    void finish();
    void fail(const QString &sentence);

    Document *m_document;
    Workflow *m_workflow;
    bool m_running = false;
    std::int64_t m_image = 0;
    std::vector<EditStep> m_steps;
    std::map<int, Answer> m_known;      // by step
    std::map<int, ImageAnswer> m_given; // by the engine
    int m_low = 0;                      // answers as the first step does
    int m_high = 0;                     // does not
    QString m_edit;                     // that the steps are parts of; empty: they are whole edits
    bool m_single = false;              // steps are choices of one layer
    int m_asked = 0;
};

} // namespace edgeflex
