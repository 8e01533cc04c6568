#pragma once

#include "plan/dropevidence.h"
#include "plan/judgedanswers.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// KL(softmax(p) || softmax(q)) in nats of two rows of logits.
double klDivergence(const float *p, const float *q, std::int64_t classes);
// Mean over images of KL(softmax(p) || softmax(q)); both [images, classes].
double meanKlDivergence(const std::vector<float> &p, const std::vector<float> &q, std::int64_t classes);
// Index of the largest logit; the first of equals.
std::int64_t topClass(const float *logits, std::int64_t classes);
// Softmax of one class, 0..1.
double confidence(const float *logits, std::int64_t classes, std::int64_t answer);
// The label is among the `k` largest logits. Classes that tie with the label count as ahead of it only
// when their index is lower, as a stable sort would have it.
bool inTop(const float *logits, std::int64_t classes, int label, int k);

// Counts right answers, alone or against a baseline on the same images.
class AccuracyCounter
{
public:
    explicit AccuracyCounter(std::int64_t classes) : m_classes(classes) {}

    // Throws Error when a logit is not finite: such a model has no accuracy.
    void add(const float *logits, int label);
    void add(const float *logits, const float *baselineLogits, int label);

    std::int64_t images() const { return m_images; }
    Proportion top1() const { return wilson(m_top1, m_images); }
    Proportion top5() const { return wilson(m_top5, m_images); }
    Proportion baselineTop1() const { return wilson(m_baselineTop1, m_images); }
    PairedDrop drop() const { return pairedDrop(m_onlyBaseline, m_onlyVariant, m_images); }
    DropEvidence evidence(int comparisons = 1) const;
    double agreement() const; // share of images with the same top answer
    double klMean() const;    // KL(baseline || variant)
    // In the order added, the first image 0.
    const std::vector<WrongAnswer> &wrong() const { return m_wrong; }

private:
    std::int64_t m_classes;
    std::int64_t m_images = 0;
    std::int64_t m_top1 = 0;
    std::int64_t m_top5 = 0;
    std::int64_t m_baselineTop1 = 0;
    std::int64_t m_onlyBaseline = 0;
    std::int64_t m_onlyVariant = 0;
    std::int64_t m_agree = 0;
    double m_klSum = 0;
    std::vector<WrongAnswer> m_wrong;
    std::vector<double> m_costs; // of answers that differ, by the baseline's confidence
    double m_nextCost = 1;       // the least that another answer would have cost
};

} // namespace edgeflex
