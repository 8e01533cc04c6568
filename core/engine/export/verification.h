#pragma once

#include <cstdint>
#include <vector>

namespace edgeflex {

// Compares an exported model's logits with ours, image by image.
class LogitComparison
{
public:
    // Largest difference that counts as the same model, as a share of the largest |logit|: what FP32 sums in
    // another order may differ by over a deep network, and far below what a wrong weight or operator does.
    static constexpr double tolerance = 1e-3;

    // One image's logits, of equal numbers.
    void add(const std::vector<float> &ours, const std::vector<float> &theirs);

    std::int64_t images() const { return m_images; }
    double maxDifference() const { return m_maxDifference; } // infinite when a logit is not finite
    double top1Agreement() const;                            // share of images with the same first class
    // The difference is within the tolerance, and where the first class differs the two classes tie within it.
    // False without images.
    bool same() const;

private:
    std::int64_t m_images = 0;
    double m_maxDifference = 0;
    double m_largest = 0;                // |logit|
    std::vector<double> m_disagreements; // how far apart we see the two first classes
};

} // namespace edgeflex
