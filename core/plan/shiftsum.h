#pragma once

#include "plan/logitshifts.h"

#include <utility>
#include <vector>

namespace edgeflex {

// How sure FP32 is of each of its answers, [images, slots], once the temperature is such that the labels are as likely
// as can be (temperature scaling: Guo et al., arXiv 1706.04599): sure of 80 % means right on 80 % of such images.
std::vector<float> calibratedConfidence(const LogitShifts &shifts);

// What many changes do to the logits together, if they do not get into each other's way. Not thread-safe.
class ShiftSum
{
public:
    // `shifts` must outlive this.
    explicit ShiftSum(const LogitShifts &shifts);

    void add(const LogitShift &shift, float factor);
    // Nats, of FP32's answers from those that the shifts lead to.
    double kl() const;
    // Makes all shifts smaller or larger by one factor, so that their KL is `wanted`; none where they have no KL.
    void scaleTo(double wanted);
    // Points of accuracy lost, and about twice the standard error of that: the confidence that FP32 has in its own
    // answers less that in the answers which are to be expected. Which these are is as uncertain as the shifts are
    // large: how they get into each other's way is taken for random errors of the logits, so large that each answer has
    // a share. `confidence`: calibratedConfidence() of the shifts.
    std::pair<double, double> drop(const std::vector<float> &confidence) const;

private:
    const LogitShifts &m_shifts;
    std::vector<float> m_logits;
    std::vector<float> m_squares; // of the shifts, added up
};

} // namespace edgeflex
