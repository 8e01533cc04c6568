#include "cli/command.h"

#include "engine/server/server.h"

#include <memory>

namespace edgeflex::cli {

void addEngine(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("engine", "Serve the studio: JSON-RPC 2.0 over standard input and output");
    verb->callback([&action] {
        action = [] {
            serveStandardStreams();
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
