#pragma once

#include <QListView>

#include <cstdint>
#include <vector>

namespace edgeflex {

class FlipModel;

// The images of a FlipModel as a gallery, which asks for the pictures that come into sight.
class FlipGallery : public QListView
{
    Q_OBJECT

public:
    explicit FlipGallery(FlipModel *model, QWidget *parent = nullptr);

    // Said while there are none.
    void setHint(const QString &hint);

Q_SIGNALS:
    // Those in sight that have none, and a few after them.
    void picturesWanted(const std::vector<std::int64_t> &images);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void lookSoon();
    void look();

    FlipModel *m_model;
    QString m_hint;
    bool m_looking = false;
};

} // namespace edgeflex
