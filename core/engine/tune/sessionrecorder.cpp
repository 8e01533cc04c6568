#include "engine/tune/sessionrecorder.h"

#include "engine/evaluate/draftmodel.h"
#include "engine/evaluate/measure.h"
#include "engine/io/atomicfile.h"
#include "engine/io/atomicfolder.h"
#include "engine/model/inspect.h"
#include "engine/profile/profiler.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/modeltimes.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/recipe.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace edgeflex {

namespace {

class Recorder
{
public:
    Recorder(const SessionOptions &options, Progress &progress) : m_options(options), m_progress(progress)
    {
        m_session.model = options.model;
        m_session.calibration = options.calibration;
        m_session.search = options.search;
        m_session.data = options.data;
        m_session.batch = options.batch;
        m_session.schedule = options.schedule;
        m_session.budgets = options.budgets;
    }

    Session run()
    {
        InspectOptions inspect;
        inspect.model = m_options.model;
        m_session.summary = inspectModel(inspect);
        m_session.plan = identityPlan(m_session.summary.spec);
        // What a folder does not fit shows before anything is measured.
        std::vector<CompressionPlan> plans;
        for (const std::string &folder : m_options.tuned)
            plans.push_back(planOf(folder));
        profile();
        measureOriginal();
        if (m_options.recipe)
            measureRecipe();
        for (std::size_t i = 0; i < plans.size(); ++i)
            measureTuned(m_options.tuned[i], plans[i]);
        if (!plans.empty())
            m_session.plan = plans.back();
        return std::move(m_session);
    }

private:
    CompressionPlan planOf(const std::string &folder) const
    {
        const std::string path = (std::filesystem::path(folder) / "plan.json").string();
        try {
            auto plan = readJsonFile(path).get<CompressionPlan>();
            plannedSpec(m_session.summary.spec, plan);
            return plan;
        } catch (const Error &error) {
            throw Error(folder + " is not a folder that tune or compress made of " + m_options.model.path + ": " +
                        error.what());
        }
    }

    void profile()
    {
        ProfileOptions options;
        options.model = m_options.model;
        options.calibration = m_options.calibration;
        options.batch = m_options.batch;
        options.schedule = m_options.schedule;
        options.job = m_options.job;
        m_session.profile = profileModel(options, m_progress);

        SensitivityOptions sensitivity;
        sensitivity.model = m_options.model;
        sensitivity.calibration = m_options.calibration;
        sensitivity.search = m_options.search;
        sensitivity.images = m_options.images;
        sensitivity.flips = m_options.flips;
        sensitivity.job = m_options.job;
        m_session.sensitivity = measureModelSensitivity(sensitivity, m_progress).sensitivity;

        TimesOptions times;
        times.model = m_options.model;
        times.batch = m_options.batch;
        times.job = m_options.job;
        m_session.times = measureModelTimes(times, m_progress);
    }

    MeasureOptions measureOptions(const ModelSource &model) const
    {
        MeasureOptions options;
        options.model = model;
        options.data = m_options.data;
        options.images = m_options.dataImages;
        options.batch = m_options.batch;
        options.repeats = m_options.repeats;
        options.schedule = m_options.schedule;
        options.engineExecutable = m_options.engineExecutable;
        options.job = m_options.job;
        return options;
    }

    // Steps of the recipe are each made from the one before, everything else from the original.
    void add(const std::string &name, const CompressionPlan &plan, Quality quality, const std::string &folder,
             Measurement measurement)
    {
        const int id = m_session.nextVariantId();
        Variant &variant = m_session.variants.emplace_back();
        variant.parent = m_session.recipe.empty()    ? -1
                         : quality == Quality::Draft ? m_session.recipe.back()
                                                     : m_session.variants.front().id;
        variant.id = id;
        variant.name = name;
        variant.plan = plan;
        variant.quality = quality;
        if (variant.parent >= 0)
            variant.calibration = m_options.calibration;
        variant.folder = folder;
        variant.measurement = std::move(measurement);
    }

    void measureOriginal()
    {
        add("original", identityPlan(m_session.summary.spec), Quality::Final, m_options.model.path,
            measureModel(measureOptions(m_options.model), m_progress));
        m_session.recipe.push_back(m_session.variants.back().id);
    }

    void measureRecipe()
    {
        for (const RecipeStep &step : edgeFlexRecipe(m_session.summary.spec, m_session.sensitivity)) {
            if (step.plan == m_session.variants.front().plan)
                continue; // the original
            DraftOptions options;
            options.model = m_options.model;
            options.calibration = m_options.calibration;
            options.images = m_options.images;
            options.flips = m_options.flips;
            options.plan = step.plan;
            options.data = m_options.data;
            options.dataImages = m_options.dataImages;
            options.batch = m_options.batch;
            options.repeats = m_options.repeats;
            options.schedule = m_options.schedule;
            options.job = m_options.job;
            add(step.name, step.plan, Quality::Draft, {}, draftModel(options, m_progress));
            m_session.recipe.push_back(m_session.variants.back().id);
        }
    }

    void measureTuned(const std::string &folder, const CompressionPlan &plan)
    {
        ModelSource tuned;
        tuned.path = folder;
        MeasureOptions options = measureOptions(tuned);
        options.baseline = m_options.model;
        add(std::filesystem::path(folder).lexically_normal().filename().string(), plan, Quality::Final, folder,
            measureModel(options, m_progress));
    }

    const SessionOptions &m_options;
    Progress &m_progress;
    Session m_session;
};

bool isSession(const std::string &folder)
{
    return std::filesystem::exists(std::filesystem::path(folder) / sessionFile);
}

} // namespace

Session recordSession(const SessionOptions &options, Progress &progress)
{
    AtomicFolder folder(options.out, isSession); // a folder that cannot be written shows at once
    Session session = Recorder(options, progress).run();
    if (session.recipe.size() == 1)
        session.recipe.clear(); // the original alone is no recipe
    for (const auto &[name, text] : sessionFiles(session))
        writeTextFile((std::filesystem::path(folder.temporary()) / name).string(), text);
    folder.commit();
    return session;
}

} // namespace edgeflex
