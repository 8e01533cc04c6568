#pragma once

#include "engine/kernels/linear.h"
#include "engine/model/vitmodel.h"
#include "engine/tensor/hostallocator.h"
#include "plan/progress.h"
#include "plan/schedule.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace edgeflex {

// Sees what a forward pass does. Linear layers are numbered as in ModelSpec::linears().
class ExecutionObserver
{
public:
    virtual ~ExecutionObserver() = default;
    // Whether linearInput() does anything. Else rows that are rounded where they are made never exist in FP32, and
    // a pass takes no more memory than its schedule says.
    virtual bool needsInputs() const { return true; }
    // `rows` rows of input, [rows, inFeatures] row-major, are about to go through a linear layer. A pass
    // calls this several times a layer when the schedule tiles.
    virtual void linearInput(int linear, const float *x, std::int64_t rows) = 0;
    // Those rows took this long, without what made them.
    virtual void linearDone(int linear, double milliseconds) = 0;
    // An operation of the schedule took this long, observers included.
    virtual void operationDone(int operation, double milliseconds) = 0;
};

// The tensors and scratch of one schedule's passes. Tight: all of it, allocated here, so that further passes
// allocate nothing; eager: nothing, each operation allocates and frees as PyTorch does. One pass at a time.
class ExecutionMemory
{
public:
    explicit ExecutionMemory(const Schedule &schedule);

private:
    friend class Transformer;
    std::vector<HostBuffer> m_tensors; // as Schedule::tensors
    HostBuffer m_scratch;
};

enum class BlockPart { Attention, Mlp, Whole };

// A Vision Transformer packed for execution: every weight is held once, in its format. Executes schedules.
// One forward pass at a time; not thread-safe.
class Transformer
{
public:
    // Packs the weights, a step a linear layer. Throws Error naming the layer when a weight is NaN or infinite.
    Transformer(const VitModel &model, const ExecutionTarget &target, Progress &progress);
    ~Transformer();
    Transformer(Transformer &&) noexcept;
    Transformer &operator=(Transformer &&) noexcept;

    const ModelSpec &spec() const { return m_spec; }
    const ExecutionTarget &target() const { return m_target; }
    Schedule schedule(ScheduleKind kind, int batch) const { return makeSchedule(m_spec, kind, batch, m_target); }

    // pixels [batch, channels, height, width], preprocessed -> logits [batch, classes]. The schedule must be
    // this transformer's. Allocates and frees exactly what the schedule says. Throws Cancelled between images and
    // tiles.
    void run(const Schedule &schedule, const float *pixels, float *logits, const Progress &progress,
             ExecutionObserver *observer = nullptr) const;
    // The same in memory that is kept from pass to pass; it must be the schedule's.
    void run(const Schedule &schedule, ExecutionMemory &memory, const float *pixels, float *logits,
             const Progress &progress, ExecutionObserver *observer = nullptr) const;
    // The same in parts, tight: tokens is [batch, tokens, width]. A cancel leaves a block's tokens half done.
    void embed(const float *pixels, int batch, float *tokens, ExecutionObserver *observer = nullptr) const;
    void runBlock(int block, int batch, float *tokens, ExecutionObserver *observer = nullptr,
                  const Progress &progress = neverCancelled, BlockPart part = BlockPart::Whole) const;
    void classify(const float *tokens, int batch, float *logits, ExecutionObserver *observer = nullptr) const;

    // Replaces a block by one whose heads and MLP may be narrower, or which may be linear, and whose layers may have
    // other formats. Where its heads are fewer, setHeads() must say so.
    void setBlock(int block, const BlockWeights &weights);
    // Exchanges one linear layer; widths of an MLP or of heads may change if both layers do. Null: the layer is absent.
    // Returns the old one.
    std::unique_ptr<Linear> exchange(int linear, std::unique_ptr<Linear> replacement);
    // How many heads the layers of a block are for; 0 where its attention is linear.
    void setHeads(int block, int heads);
    int linearIndex(const std::string &name) const; // throws Error
    // Must not be absent.
    const Linear &linear(int index) const { return *m_linears.at(static_cast<std::size_t>(index)); }

private:
    struct Pass;
    struct Norm
    {
        HostBuffer gamma;
        HostBuffer beta;
    };
    Norm packNorm(const NormWeights &weights, const std::string &name) const;
    int blockLinear(int block, int which) const { return 1 + 4 * block + which; }

    ModelSpec m_spec;
    ExecutionTarget m_target;
    std::vector<std::unique_ptr<Linear>> m_linears; // as ModelSpec::linears(); null: absent
    HostBuffer m_positions;                         // [tokens, width], class and register tokens added in
    std::vector<Norm> m_norms;                      // two a block
    Norm m_preNorm;
    Norm m_norm;
};

} // namespace edgeflex
