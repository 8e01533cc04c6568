#pragma once

namespace edgeflex {

// Serves core/protocol over two descriptors until "shutdown" or the end of the input: a reader thread answers
// "$/cancel" at once, one worker runs the jobs in the order asked and sends progress at most ten times a
// second. Every failure of a job is answered with its sentence; the engine goes on. Returns when all is answered.
void serve(int input, int output);

// The same over standard input and output. What libraries print goes to standard error instead.
void serveStandardStreams();

} // namespace edgeflex
