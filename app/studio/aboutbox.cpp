#include "app/studio/aboutbox.h"

#include "app/studio/document.h"
#include "app/studio/engineclient.h"

#include <QCoreApplication>
#include <QMessageBox>

namespace edgeflex {
namespace {

struct AboutWords
{
    Q_DECLARE_TR_FUNCTIONS(AboutBox)
};

} // namespace

void showAbout(const EngineClient &engine, const Document &document, QWidget *parent)
{
    QStringList versions{AboutWords::tr("EdgeFlex Studio %1").arg(EDGEFLEX_VERSION),
                         AboutWords::tr("Qt %1").arg(qVersion()), AboutWords::tr("Protocol %1").arg(protocolVersion)};
    if (engine.state() == EngineClient::State::Ready) {
        const InitializeResult &about = engine.engine();
        versions += AboutWords::tr("Engine: %1, %2, threads: %3")
                        .arg(QString::fromStdString(about.engine), QString::fromStdString(about.target.instructionSet))
                        .arg(about.target.threads);
    }
    if (const Variant *measured = document.baseline()) {
        const Conditions &conditions = measured->measurement.conditions;
        versions += AboutWords::tr("oneDNN %1, LibTorch %2")
                        .arg(QString::fromStdString(conditions.oneDnnVersion),
                             QString::fromStdString(conditions.libTorchVersion));
    }
    QMessageBox::about(parent, AboutWords::tr("About EdgeFlex Studio"),
                       AboutWords::tr("Fits a Vision Transformer on an edge device and shows what it costs.") + "\n\n" +
                           versions.join('\n') + "\n\n" +
                           AboutWords::tr("Free software under the GNU General Public License, version 3 or later."));
}

} // namespace edgeflex
