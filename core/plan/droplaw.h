#pragma once

#include "plan/logitshifts.h"

#include <optional>
#include <span>

namespace edgeflex {

// How many points of accuracy a KL costs a model: factor * kl^exponent. A plan's own shifts say how many of the images
// looked at would be answered otherwise; but which few these are is chance, as it is on the images that judge. What is
// usual at its KL ranks plans better.
struct DropLaw
{
    double factor = 0;
    double exponent = 1;
    double relativeError = 0; // of the points, about 95 %: other images would have given others

    double points(double kl) const;
    bool operator==(const DropLaw &) const = default;
};

// Fitted to sums of changes taken at random from those measured, each as large as several KLs ask for. Nothing where no
// change was measured or none moves an answer. Takes a few milliseconds. Deterministic.
std::optional<DropLaw> fitDropLaw(const LogitShifts &shifts);

// What a plan of a predicted KL lost when it was measured.
struct MeasuredDrop
{
    double kl = 0; // nats, above 0
    double points = 0;
    double standardError = 0; // of the points
};

// The law as measured drops bend it, which it resembles the more the fewer they are: of both its factor and its
// exponent what is likeliest (Gauss-Newton), where a plan's drop is off the law by a share of itself and by its
// standard error, and the law off the truth by as much as laws usually are.
DropLaw bentLaw(const DropLaw &law, std::span<const MeasuredDrop> measured);

} // namespace edgeflex
