#include "cli/command.h"
#include "plan/error.h"

#include <exception>
#include <iostream>
#include <new>

int main(int argc, char **argv)
{
    using namespace edgeflex;
    CLI::App program("EdgeFlex: fit a Vision Transformer on an edge device and see what it costs", "edgeflex");
    program.set_version_flag("--version", EDGEFLEX_VERSION);
    program.require_subcommand(1);
    cli::Action action;
    cli::addInspect(program, action);
    cli::addProfile(program, action);
    cli::addTimes(program, action);
    cli::addPlan(program, action);
    cli::addCompress(program, action);
    cli::addTune(program, action);
    cli::addAblate(program, action);
    cli::addBench(program, action);
    cli::addValidatePredictor(program, action);
    cli::addMeasure(program, action);
    cli::addExport(program, action);
    cli::addSession(program, action);
    cli::addReport(program, action);
    cli::addSynthesize(program, action);
    cli::addTrainDemo(program, action);
    cli::addSplitDemo(program, action);
    cli::addEngine(program, action);
    cli::addPeakMemory(program, action);

    try {
        program.parse(argc, argv);
        return action();
    } catch (const CLI::ParseError &error) {
        return program.exit(error) == 0 ? cli::exitSuccess : cli::exitUsage;
    } catch (const Cancelled &) {
        std::cerr << "edgeflex: cancelled\n";
        return cli::exitCancelled;
    } catch (const std::bad_alloc &) {
        std::cerr << "edgeflex: out of memory; use a smaller batch or a smaller model\n";
    } catch (const std::exception &error) {
        std::cerr << "edgeflex: " << error.what() << '\n';
    }
    return cli::exitFailure;
}
