#pragma once

namespace edgeflex {

// SIGINT (Ctrl-C) and SIGTERM as a flag that long work looks at. They are taken by a thread of their own and blocked in
// every other: oneDNN's FP32 kernels use the stack pointer as a pointer into the heap while they run (oneDNN issue
// 4845, mended in 3.11.2), so that a handler on a thread that computes would overwrite what lies there.
class StopSignals
{
public:
    // To be called before the first thread is started, which inherits what is blocked. A second call does nothing.
    static void watch();
    // Whether one has come. A second one ends the program at once.
    static bool arrived() noexcept;
};

} // namespace edgeflex
