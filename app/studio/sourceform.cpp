#include "app/studio/sourceform.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QSpinBox>

#include <optional>

namespace edgeflex {
namespace {

constexpr int mostHeads = 256;
constexpr int mostPixels = 4096;
constexpr int asStated = -1; // of the spin boxes and the list: left to the files

QString numbersText(const std::vector<double> &numbers)
{
    QStringList texts;
    for (const double number : numbers)
        texts += QLocale::c().toString(number, 'g', 8);
    return texts.join(", ");
}

// One or three numbers with points, apart by commas or spaces; nothing: something else.
std::optional<std::vector<double>> numbersOf(const QString &text)
{
    std::vector<double> numbers;
    for (const QString &word : QString(text).replace(',', ' ').split(' ', Qt::SkipEmptyParts)) {
        bool ok = false;
        numbers.push_back(QLocale::c().toDouble(word, &ok));
        if (!ok)
            return std::nullopt;
    }
    return numbers.size() == 1 || numbers.size() == 3 ? std::optional(numbers) : std::nullopt;
}

} // namespace

SourceForm::SourceForm(QWidget *parent)
    : QWidget(parent),
      m_heads(new QSpinBox(this)),
      m_mean(new QLineEdit(this)),
      m_std(new QLineEdit(this)),
      m_resize(new QSpinBox(this)),
      m_crop(new QSpinBox(this)),
      m_interpolation(new QComboBox(this))
{
    m_heads->setRange(asStated, mostHeads);
    m_resize->setRange(asStated, mostPixels);
    m_crop->setRange(asStated, mostPixels);
    for (QSpinBox *box : {m_heads, m_resize, m_crop}) {
        box->setSpecialValueText(tr("as stated"));
        box->setKeyboardTracking(false);
        connect(box, &QSpinBox::valueChanged, this, &SourceForm::edited);
    }
    m_resize->setSuffix(QString(QChar::Nbsp) + tr("pixels"));
    m_crop->setSuffix(QString(QChar::Nbsp) + tr("pixels"));
    m_interpolation->addItem(tr("as stated"), asStated);
    for (const Interpolation interpolation :
         {Interpolation::Nearest, Interpolation::Bilinear, Interpolation::Bicubic}) {
        const std::string_view word = toString(interpolation);
        m_interpolation->addItem(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())),
                                 static_cast<int>(interpolation));
    }
    connect(m_interpolation, &QComboBox::currentIndexChanged, this, &SourceForm::edited);
    for (QLineEdit *field : {m_mean, m_std}) {
        field->setPlaceholderText(tr("as stated"));
        connect(field, &QLineEdit::textEdited, this, &SourceForm::edited);
    }
    auto *form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    const auto add = [form](const QString &text, QWidget *field, const QString &tip) {
        form->addRow(text, field);
        field->setAccessibleName(text);
        field->setToolTip(tip);
    };
    add(tr("Attention heads"), m_heads, tr("A bare state dict does not say how many heads its attention has"));
    add(tr("Mean"), m_mean, tr("What is taken off each colour, of 0 to 1: one number, or three"));
    add(tr("Deviation"), m_std, tr("What each colour is divided by after that: one number, or three"));
    add(tr("Shorter side"), m_resize, tr("Pixels of the image's shorter side before the crop; 0 stretches it"));
    add(tr("Crop"), m_crop, tr("Pixels of the square from the middle that the model sees"));
    add(tr("Interpolation"), m_interpolation, tr("How the image is resized"));
}

void SourceForm::setSource(const ModelSource &source)
{
    m_source = source;
    const QSignalBlocker blocker(this);
    m_heads->setValue(source.heads.value_or(asStated));
    m_mean->setText(source.mean ? numbersText(*source.mean) : QString());
    m_std->setText(source.std ? numbersText(*source.std) : QString());
    m_resize->setValue(source.resize.value_or(asStated));
    m_crop->setValue(source.crop.value_or(asStated));
    m_interpolation->setCurrentIndex(
        m_interpolation->findData(source.interpolation ? static_cast<int>(*source.interpolation) : asStated));
}

void SourceForm::setStated(const Preprocessing &preprocessing, int heads)
{
    const QSignalBlocker blocker(this);
    const auto stated = [](const QString &value) {
        return tr("as stated: %1").arg(value);
    };
    m_heads->setSpecialValueText(stated(QLocale().toString(heads)));
    m_mean->setPlaceholderText(preprocessing.stated
                                   ? stated(numbersText({preprocessing.mean.begin(), preprocessing.mean.end()}))
                                   : tr("not stated"));
    m_std->setPlaceholderText(preprocessing.stated
                                  ? stated(numbersText({preprocessing.std.begin(), preprocessing.std.end()}))
                                  : tr("not stated"));
    m_resize->setSpecialValueText(stated(QLocale().toString(preprocessing.resizeShorter)));
    m_crop->setSpecialValueText(stated(QLocale().toString(preprocessing.cropHeight)));
    const std::string_view word = toString(preprocessing.interpolation);
    m_interpolation->setItemText(0, stated(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()))));
}

ModelSource SourceForm::source() const
{
    ModelSource source = m_source;
    const auto number = [](const QSpinBox *box) {
        return box->value() == asStated ? std::nullopt : std::optional(box->value());
    };
    source.heads = m_heads->value() > 0 ? number(m_heads) : std::nullopt;
    source.mean = numbersOf(m_mean->text());
    source.std = numbersOf(m_std->text());
    source.resize = number(m_resize);
    source.crop = m_crop->value() > 0 ? number(m_crop) : std::nullopt;
    const int interpolation = m_interpolation->currentData().toInt();
    source.interpolation =
        interpolation == asStated ? std::nullopt : std::optional(static_cast<Interpolation>(interpolation));
    return source;
}

QString SourceForm::error() const
{
    for (const QLineEdit *field : {m_mean, m_std}) {
        if (!field->text().trimmed().isEmpty() && !numbersOf(field->text()))
            return tr("%1 must be one number, or three apart by commas.").arg(field->accessibleName());
    }
    return m_mean->text().trimmed().isEmpty() != m_std->text().trimmed().isEmpty()
               ? tr("Give both, the mean and the deviation, or neither.")
               : QString();
}

} // namespace edgeflex
