#include "app/studio/settingsdialog.h"

#include "app/studio/workflow.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QSettings>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr char colorsKey[] = "colors";
constexpr char patienceKey[] = "patienceSeconds";
constexpr double greatestPatience = 3600; // seconds

} // namespace

StudioSettings readSettings()
{
    const QSettings stored;
    StudioSettings settings;
    settings.colors = stored.value(colorsKey, settings.colors).toString();
    if (!QStringList{"system", "light", "dark"}.contains(settings.colors))
        settings.colors = "system";
    settings.patienceSeconds =
        std::clamp(stored.value(patienceKey, Workflow::usualPatienceSeconds).toDouble(), 0.0, greatestPatience);
    return settings;
}

void writeSettings(const StudioSettings &settings)
{
    QSettings stored;
    stored.setValue(colorsKey, settings.colors);
    stored.setValue(patienceKey, settings.patienceSeconds);
}

SettingsDialog::SettingsDialog(const StudioSettings &settings, QWidget *parent)
    : QDialog(parent), m_colors(new QComboBox(this)), m_patience(new QDoubleSpinBox(this))
{
    setWindowTitle(tr("Settings"));
    m_colors->addItem(tr("As the system"), "system");
    m_colors->addItem(tr("Light"), "light");
    m_colors->addItem(tr("Dark"), "dark");
    m_colors->setCurrentIndex(m_colors->findData(settings.colors));
    m_colors->setAccessibleName(tr("Colours"));
    m_colors->setToolTip(tr("Dark or light, or as the desktop has it"));
    m_patience->setRange(0, greatestPatience);
    m_patience->setDecimals(0);
    m_patience->setSuffix(QString(QChar::Nbsp) + tr("s"));
    m_patience->setValue(settings.patienceSeconds);
    m_patience->setAccessibleName(tr("Measure by itself what takes at most"));
    m_patience->setToolTip(tr("A plan that is left alone is measured in the background, unless that is expected to "
                              "take longer than this"));
    auto *form = new QFormLayout(this);
    form->addRow(tr("&Colours"), m_colors);
    form->addRow(tr("&Measure by itself what takes at most"), m_patience);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    form->addRow(buttons);
    const auto tell = [this] {
        Q_EMIT changed(this->settings());
    };
    connect(m_colors, &QComboBox::currentIndexChanged, this, tell);
    connect(m_patience, &QDoubleSpinBox::valueChanged, this, tell);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

StudioSettings SettingsDialog::settings() const
{
    return {m_colors->currentData().toString(), m_patience->value()};
}

} // namespace edgeflex
