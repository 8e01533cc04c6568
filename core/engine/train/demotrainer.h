#pragma once

#include "plan/modelspec.h"
#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

namespace edgeflex {

class TrainingSet;

// The model that the options ask for, with Fashion-MNIST's preprocessing and class names. Throws Error when its sizes
// do not fit together or the images.
ModelSpec demoSpec(const TrainDemoOptions &options, const TrainingSet &images);

// Trains a Vision Transformer on the training images and writes it, in FP32, as a saved model. After every epoch the
// folder holds the model so far and what it takes to go on from there (`resume`); the end leaves the model alone. One
// image in twelve is held out and judges each epoch; nothing is chosen by it. The same options give the same bytes,
// whatever the number of threads, on one processor and one LibTorch. Throws Cancelled between small batches, leaving
// the folder as the last epoch did, and Error when the images do not fit, the folder is another program's or has an
// unfinished training that should not be overwritten.
TrainDemoResult trainDemo(const TrainDemoOptions &options, Progress &progress);

} // namespace edgeflex
