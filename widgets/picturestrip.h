#pragma once

#include <QImage>
#include <QList>
#include <QStringList>
#include <QWidget>

namespace edgeflex {

// Pictures side by side, each with a line of text under it.
class PictureStrip : public QWidget
{
    Q_OBJECT

public:
    explicit PictureStrip(const QString &name, QWidget *parent = nullptr);

    void setPictures(const QList<QImage> &pictures, const QStringList &captions);
    // Said while there are none.
    void setHint(const QString &hint);

    qsizetype count() const { return m_pictures.size(); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<QImage> m_pictures;
    QStringList m_captions;
    QString m_hint;
};

} // namespace edgeflex
