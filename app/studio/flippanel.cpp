#include "app/studio/flippanel.h"

#include "app/studio/document.h"
#include "app/studio/judgedpictures.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "app/studio/workflow.h"
#include "widgets/flipgallery.h"
#include "widgets/flipmodel.h"
#include "widgets/quantitytext.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace edgeflex {

FlipPanel::FlipPanel(Document *document, Workflow *workflow, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_view(view),
      m_pictures(new JudgedPictures(document, workflow, this)),
      m_bisection(new Bisection(document, workflow, this)),
      m_model(new FlipModel(this)),
      m_show(new QComboBox(this)),
      m_which(new QPushButton(this)),
      m_gallery(new FlipGallery(m_model, this)),
      m_found(new QLabel(this))
{
    for (int i = 0; i < 4; ++i)
        m_show->addItem(QString());
    m_show->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_show->setAccessibleName(tr("Which images are shown"));
    m_show->setToolTip(tr("Lost: A is right and B is wrong; won: the other way round"));
    connect(m_show, &QComboBox::currentIndexChanged, this, [this](int which) {
        m_model->setShow(static_cast<FlipModel::Show>(which));
        showButton();
    });
    m_which->setToolTip(tr("Find the edit between A and B that changed the answer to the selected image, by asking "
                           "what the plans in between answer (Enter)"));
    connect(m_which, &QPushButton::clicked, this, [this] {
        if (m_bisection->isRunning())
            m_bisection->stop();
        else
            findEdit();
    });
    connect(m_gallery, &QListView::activated, this, &FlipPanel::findEdit);
    connect(m_gallery->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        m_bisection->stop();
        m_found->clear();
        showButton();
    });
    connect(m_gallery, &FlipGallery::picturesWanted, this,
            [this](const std::vector<std::int64_t> &images) { m_pictures->want(m_answers, images); });
    connect(m_pictures, &JudgedPictures::fetched, m_model, &FlipModel::setPicture);
    connect(m_pictures, &JudgedPictures::failed, m_found, &QLabel::setText);
    connect(m_bisection, &Bisection::progressed, this, [this](int asked, int atMost) {
        m_found->setText(tr("Asking the plans in between: %1 of at most %2 …").arg(asked + 1).arg(atMost));
        showButton();
    });
    connect(m_bisection, &Bisection::found, this, &FlipPanel::showFound);
    connect(m_bisection, &Bisection::failed, this, [this](const QString &sentence) {
        m_found->setText(sentence);
        showButton();
    });
    m_found->setWordWrap(true);
    m_found->setTextFormat(Qt::PlainText);
    m_found->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_found->setContentsMargins(10, 2, 10, 4);
    // A layout does not ask a wrapped text how high it is before it is too late.
    m_found->setMinimumHeight(2 * m_found->fontMetrics().lineSpacing() + 6);
    m_found->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(0, 4, 0, 0);
    head->setSpacing(sectionGap);
    head->addWidget(m_show);
    head->addStretch(1);
    head->addWidget(m_which);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_gallery, 1);
    layout->addWidget(m_found);
    connect(document, &Document::modelChanged, this, [this] {
        m_model->setChanges({}, {});
        clearPictures();
        m_answers = {};
    });
    showCounts();
    showButton();
}

void FlipPanel::compare(int a, int b)
{
    const Variant *left = m_document->variant(a);
    const Variant *right = m_document->variant(b);
    const bool known = left && right && left->measurement.answers && right->measurement.answers &&
                       left->measurement.answers->sameImages(*right->measurement.answers);
    if (a != m_a || b != m_b) {
        m_bisection->stop();
        m_found->clear();
        m_a = a;
        m_b = b;
    }
    if (known && !m_answers.sameImages(*left->measurement.answers))
        clearPictures();
    m_answers = known ? *left->measurement.answers : JudgedAnswers();
    QStringList names;
    for (const std::string &name : m_document->spec().classNames)
        names += QString::fromStdString(name);
    m_gallery->setHint(
        a == b   ? tr("Choose two different states.")
        : !known ? tr("The answers to single images were not kept when these states were measured: change and measure "
                      "the plan anew to see which images changed.")
                 : tr("No image changed its answer in this way."));
    m_model->setChanges(known && a != b ? answerChanges(*left->measurement.answers, *right->measurement.answers)
                                        : std::vector<AnswerChange>(),
                        names);
    showCounts();
    showButton();
}

void FlipPanel::clearPictures()
{
    m_pictures->forget();
    m_model->clearPictures();
}

void FlipPanel::showCounts()
{
    const int lost = m_model->count(FlipModel::Kind::Lost);
    const int won = m_model->count(FlipModel::Kind::Won);
    const int wrong = m_model->count(FlipModel::Kind::Wrong);
    m_show->setItemText(
        0, tr("%L1 changed of %L2").arg(lost + won + wrong).arg(static_cast<qlonglong>(m_answers.judged())));
    m_show->setItemText(1, tr("%L1 lost by B").arg(lost));
    m_show->setItemText(2, tr("%L1 won by B").arg(won));
    m_show->setItemText(3, tr("%L1 wrong in both").arg(wrong));
}

void FlipPanel::showButton()
{
    m_which->setText(m_bisection->isRunning() ? tr("Stop Looking") : tr("&Which Edit Did It?"));
    m_which->setEnabled(m_bisection->isRunning() || m_gallery->currentIndex().isValid());
}

void FlipPanel::findEdit()
{
    const QModelIndex current = m_gallery->currentIndex();
    if (!current.isValid())
        return;
    m_bisection->start(m_a, m_b, current.data(FlipModel::ImageRole).toLongLong());
    showButton();
}

QString FlipPanel::answerText(const ImageAnswer &answer) const
{
    const auto &names = m_document->spec().classNames;
    const QString name = static_cast<std::size_t>(answer.answer) < names.size()
                             ? QString::fromStdString(names[static_cast<std::size_t>(answer.answer)])
                             : FlipModel::tr("class %1").arg(answer.answer);
    return tr("“%1” (%2)").arg(name, shareText(answer.confidence));
}

void FlipPanel::showFound(const Bisection::Result &result)
{
    QString text = tr("%1 did it: before, the answer is %2, with it %3.")
                       .arg(result.difference, answerText(result.before), answerText(result.after));
    if (!result.edit.isEmpty())
        text += ' ' + tr("It is part of the edit: %1.").arg(result.edit);
    text += ' ' + tr("Answers asked for: %1.").arg(result.asked);
    m_found->setText(text);
    m_view->setLayers(result.layers);
    showButton();
}

} // namespace edgeflex
