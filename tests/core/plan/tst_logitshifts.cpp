#include "jsonchecks.h"

#include "plan/logitshifts.h"

#include <cmath>
#include <random>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<float> randomLogits(std::uint32_t seed, std::size_t count)
{
    std::mt19937 engine(seed);
    std::vector<float> logits(count);
    for (float &logit : logits)
        logit = static_cast<float>(engine() % 20001) / 1000 - 10;
    return logits;
}

double logSumExp(const float *first, const float *last)
{
    double sum = 0;
    for (; first != last; ++first)
        sum += std::exp(double(*first));
    return std::log(sum);
}

} // namespace

class TestLogitShifts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void packingKeepsFourDigits()
    {
        const std::vector<float> values{0.5F, -2.0F, 0.001F, 0, 1.25F};
        const LogitShift shift = packShift(values);
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(shift.step * shift.codes[i] - values[i]) <= 2.0F / 32767 / 2 * 1.001F);
        const LogitShift nothing = packShift(std::vector<float>(3, 0.0F));
        QCOMPARE(nothing.step, 0.0F);
        QCOMPARE(nothing.codes.size(), std::size_t(3));
    }

    // Whatever the classes, the slots have the whole of the softmax.
    void slotsHoldTheWholeSoftmax_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {2, 8, 9, 10, 40})
            QTest::addRow("%d", classes) << classes;
    }
    void slotsHoldTheWholeSoftmax()
    {
        QFETCH(int, classes);
        const int images = 7;
        const std::vector<float> fp32 = randomLogits(1, std::size_t(images * classes));
        std::vector<int> labels;
        for (int i = 0; i < images; ++i)
            labels.push_back(i * 5 % classes);
        const LogitTracker tracker(fp32, labels, classes);
        const LogitShifts shifts = tracker.unchanged();
        QCOMPARE(shifts.images(), std::int64_t(images));
        const std::vector<float> changed = randomLogits(2, fp32.size());
        const std::vector<float> slots = tracker.slotsOf(changed);
        const LogitShift shift = tracker.shift(changed);
        for (int i = 0; i < images; ++i) {
            const float *row = fp32.data() + i * classes;
            const float *its = shifts.logits.data() + i * LogitShifts::slots;
            for (int slot = 1; slot < std::min(LogitShifts::greatest, classes); ++slot)
                QVERIFY(its[slot] <= its[slot - 1]);
            QCOMPARE(its[0], *std::max_element(row, row + classes));
            QCOMPARE(its[shifts.labels[std::size_t(i)]], row[labels[std::size_t(i)]]);
            QVERIFY(std::abs(logSumExp(its, its + LogitShifts::slots) - logSumExp(row, row + classes)) < 1e-5);
            const float *moved = slots.data() + i * LogitShifts::slots;
            QCOMPARE(moved[shifts.labels[std::size_t(i)]], changed[std::size_t(i * classes + labels[std::size_t(i)])]);
            for (int slot = 0; slot < LogitShifts::slots; ++slot) {
                const float code = shift.codes[std::size_t(i * LogitShifts::slots + slot)];
                QVERIFY(std::abs(its[slot] + shift.step * code - moved[slot]) <= shift.step);
            }
        }
    }

    void json()
    {
        const std::vector<float> logits = randomLogits(3, 3 * 12);
        const LogitTracker tracker(logits, std::vector<int>{1, 0, 11}, 12);
        LogitShifts shifts = tracker.unchanged();
        shifts.formats["head"][NumberFormat::Int8] = tracker.shift(randomLogits(4, logits.size()));
        shifts.mlpWidths = {{}, {{48, tracker.shift(randomLogits(5, logits.size()))}}};
        verifyRoundTrip(shifts);
        verifyRoundTrip(LogitShifts());
        verifyBadField<LogitShifts>(shifts, "/labels", "\"AAA\"", "labels");
        verifyBadField<LogitShifts>(shifts, "/labels", "\"AAE=\"", "logits"); // two images
        verifyBadField<LogitShifts>(shifts, "/labels", "\"AAAJ\"", "labels"); // slot 9
        verifyBadField<LogitShifts>(shifts, "/logits", "\"AAAA\"", "logits"); // no whole float
        verifyBadField<LogitShifts>(shifts, "/formats/head/int8/codes", "\"AAA=\"", "formats");
        verifyBadField<LogitShifts>(shifts, "/formats/head/int8/step", "-1", "formats[\"head\"].int8.step");
        verifyBadField<LogitShifts>(shifts, "/mlpWidths/1/widths/48/codes", "\"\"", "mlpWidths");
        nlohmann::json json = shifts;
        json["mlpWidths"][1]["widths"]["wide"] = json["mlpWidths"][1]["widths"]["48"];
        QVERIFY(!failure([&] { json.get<LogitShifts>(); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestLogitShifts)
#include "tst_logitshifts.moc"
