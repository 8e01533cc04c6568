#pragma once

#include <QDialog>

class QComboBox;
class QDoubleSpinBox;

namespace edgeflex {

// What stays the same from session to session.
struct StudioSettings
{
    QString colors = "system";  // or light, dark
    double patienceSeconds = 0; // a draft that would take longer waits for the button

    bool operator==(const StudioSettings &) const = default;
};
StudioSettings readSettings();
void writeSettings(const StudioSettings &settings);

class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SettingsDialog(const StudioSettings &settings, QWidget *parent = nullptr);

    StudioSettings settings() const;

Q_SIGNALS:
    void changed(const edgeflex::StudioSettings &settings); // at once, with every change

private:
    QComboBox *m_colors;
    QDoubleSpinBox *m_patience;
};

} // namespace edgeflex
