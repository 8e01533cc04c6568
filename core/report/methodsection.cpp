#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>
#include <set>
#include <vector>

namespace edgeflex {

namespace {

std::set<NumberFormat> formatsOf(const ModelSpec &spec)
{
    std::set<NumberFormat> formats;
    for (const LinearSpec *linear : spec.linears()) {
        if (!linear->isAbsent())
            formats.insert(linear->format);
    }
    return formats;
}

std::string formatText(NumberFormat format, const ReportSubject &subject)
{
    const std::string rounding =
        std::string(subject.plan.awq ? ", scaled by how large each input is (AWQ)" : "") +
        (subject.plan.rounding.gptq ? ", rounded so that errors make up for each other (GPTQ)" : "");
    switch (format) {
    case NumberFormat::Fp32:
        return "single precision";
    case NumberFormat::Fp16:
        return "half precision";
    case NumberFormat::Bf16:
        return "bfloat16";
    case NumberFormat::Int8:
        return "8 bits, symmetric, a scale for each output" + rounding +
               "; activations 8 bits asymmetric, quantized for each token on the fly";
    case NumberFormat::Int4:
        return "4 bits, asymmetric, FP16 scales for groups of " + std::to_string(subject.plan.int4GroupSize) +
               " inputs" + rounding;
    }
    return {};
}

Table formatTable(const ReportSubject &subject)
{
    Table table;
    table.caption = "Number formats in the model, and what their products are computed in on this device";
    table.columns = {{"Format", "", Alignment::Left},
                     {"Weights are stored as", "", Alignment::Left},
                     {"Computed in", "", Alignment::Left},
                     {"Layers", "", Alignment::Right}};
    const auto linears = subject.after.linears();
    for (const NumberFormat format : formatsOf(subject.after)) {
        const auto count = std::count_if(linears.begin(), linears.end(), [format](const LinearSpec *linear) {
            return !linear->isAbsent() && linear->format == format;
        });
        const NumberFormat computed = subject.target.computes(format);
        TableRow row;
        row.cells = {upper(toString(format)), formatText(format, subject),
                     upper(toString(computed)) + (computed == format ? "" : ": the format only stores"),
                     std::to_string(count)};
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string scoreText(ImportanceScore score)
{
    switch (score) {
    case ImportanceScore::MeanActivation:
        return "its mean absolute activation after GELU";
    case ImportanceScore::Wanda:
        return "the norm of its weights times that of its activations (Wanda)";
    case ImportanceScore::Flap:
        return "the variance of its activations times the squared norm of its weights (FLAP)";
    case ImportanceScore::Obs:
        return "what is lost once the other channels are refitted to stand in for it (optimal brain surgeon)";
    }
    return "";
}

std::string pruningText(const ReportSubject &subject)
{
    std::int64_t kept = 0;
    std::int64_t whole = 0;
    for (std::size_t i = 0; i < subject.before.blocks.size(); ++i) {
        if (subject.after.blocks[i].mlpIsLinear())
            continue;
        whole += subject.before.blocks[i].mlpWidth();
        kept += subject.after.blocks[i].mlpWidth();
    }
    if (whole == 0)
        return "Pruning: no block has an MLP whose channels could go.";
    if (kept == whole)
        return "Pruning: none; every MLP keeps all of its channels.";
    const std::string score = scoreText(subject.plan.score);
    return "Pruning: " + grouped(kept) + " of " + grouped(whole) +
           " MLP channels stay, whole channels that need no special kernels; each is judged by " + score + ". " +
           (subject.plan.refit
                ? "The second layer of each pruned MLP is then refitted in closed form (ridge regression on the "
                  "calibration activations), so that the channels that stay stand in for those that went" +
                      (subject.plan.fitPasses > 0
                           ? "; models of final quality then have both layers fitted to what the whole MLP did, token "
                             "by token, in " +
                                 grouped(subject.plan.fitPasses) + " passes over the calibration tokens."
                           : std::string("."))
                : std::string("Nothing is refitted afterwards."));
}

// Empty where every head of an attention that stays is there and whole.
std::string headsText(const ReportSubject &subject)
{
    std::int64_t kept = 0; // dimensions, of the heads that stay
    std::int64_t whole = 0;
    std::int64_t heads = 0;
    std::int64_t allHeads = 0;
    for (std::size_t i = 0; i < subject.before.blocks.size(); ++i) {
        const BlockSpec &before = subject.before.blocks[i];
        const BlockSpec &after = subject.after.blocks[i];
        if (after.attentionIsLinear())
            continue;
        const std::int64_t count = subject.after.headCount(after);
        heads += count;
        allHeads += subject.before.headCount(before);
        whole += count * (subject.before.qkDim(before) + subject.before.voDim(before));
        kept += after.qkWidth() + after.voWidth();
    }
    std::string text;
    if (heads != allHeads)
        text = grouped(heads) + " of " + grouped(allHeads) +
               " heads stay. They go one by one, each time the one without which the projection's output loses least "
               "once the others take over what they can (optimal brain surgeon on the calibration activations). ";
    if (kept != whole)
        text += grouped(kept) + " of " + grouped(whole) + " dimensions of " +
                (heads != allHeads ? "the heads left" : "heads") +
                " stay, of queries and keys and of values. Heads are cut down in bases that the calibration "
                "activations give, by singular value decompositions: of queries with keys so that the scores lose "
                "least, of values with the projection so that its output does. ";
    if (text.empty())
        return "";
    return "Attention: " + text +
           (subject.plan.refit ? "The projection is then refitted as the MLPs are."
                               : "The projection is not refitted.");
}

// "blocks 3 and 5"
std::string blocksText(const std::vector<std::size_t> &blocks)
{
    std::string text = blocks.size() == 1 ? "block " : "blocks ";
    for (std::size_t i = 0; i < blocks.size(); ++i)
        text += (i == 0 ? "" : i + 1 == blocks.size() ? " and " : ", ") + std::to_string(blocks[i]);
    return text;
}

// Of the halves of blocks that the plan makes linear; empty where there are none.
std::string linearText(const ReportSubject &subject)
{
    std::vector<std::size_t> attentions;
    std::vector<std::size_t> mlps;
    for (std::size_t i = 0; i < subject.before.blocks.size(); ++i) {
        const BlockSpec &before = subject.before.blocks[i];
        const BlockSpec &after = subject.after.blocks[i];
        if (after.attentionIsLinear() && !before.attentionIsLinear())
            attentions.push_back(i);
        if (after.mlpIsLinear() && !before.mlpIsLinear())
            mlps.push_back(i);
    }
    if (attentions.empty() && mlps.empty())
        return "";
    std::string text = "Linear halves: one linear layer takes the place of ";
    if (!attentions.empty())
        text += "the attention of " + blocksText(attentions);
    if (!mlps.empty())
        text += (attentions.empty() ? "the MLP of " : " and of the MLP of ") + blocksText(mlps);
    return text + ". Each is the linear map that comes closest to what that half adds to the tokens, by ridge least "
                  "squares in closed form on the calibration images, the damping chosen by tokens held out.";
}

// Which images decided and which judge. Only their paths are known to differ.
Paragraph imageSets(const Session &session)
{
    const auto body = [](const std::string &text) {
        return Paragraph{text, Paragraph::Role::Body, Tone::Neutral};
    };
    const std::string data = session.data.empty() ? "a set not chosen yet" : session.data;
    if (!session.data.empty() && (session.data == session.calibration || session.data == session.search))
        return body("The images that judge (" + data + ") also served for " +
                    (session.data == session.calibration ? "calibration" : "the search") +
                    ": the accuracy lost may be more than is reported here. Judge on a set of its own.");
    const std::string search =
        session.search.empty() ? "one calibration image in five, kept from calibration by its name" : session.search;
    return body("Three disjoint sets of images: those that calibrate" +
                (session.calibration.empty() ? std::string() : " (" + session.calibration + ")") +
                ", those on which plans are searched for (" + search + ") and those that judge (" + data +
                "). They are told apart by their paths; that no image is in two of them is up to who chose them.");
}

} // namespace

ReportSection methodSection(const ReportSubject &subject)
{
    ReportSection section{"Method", {}};
    const auto add = [&](const std::string &text) {
        section.blocks.emplace_back(Paragraph{text, Paragraph::Role::Body, Tone::Neutral});
    };
    const Session &session = subject.session;
    if (subject.changed()) {
        add("Calibration: images of " + (session.calibration.empty() ? "a set not chosen yet" : session.calibration) +
            " run through the model; mean, maximum and Gram matrix of every layer's inputs decide what is pruned and "
            "how "
            "weights are rounded. No labels are used.");
        add(pruningText(subject));
        if (const std::string heads = headsText(subject); !heads.empty())
            add(heads);
        if (const std::string linear = linearText(subject); !linear.empty())
            add(linear);
        section.blocks.emplace_back(formatTable(subject));
        add("Quality: a draft uses the cached statistics of the uncompressed model, so that it is quick to make. The "
            "final "
            "quality goes block by block on the compressed model's own activations, so that each layer corrects what "
            "those "
            "before it lost; it is what is exported. Every figure says which of the two it is of.");
    }
    add("Accuracy is the share of images whose label is the first answer (top-1) or among the first five (top-5). The "
        "variant "
        "and the original judge the same images, so the difference is paired: only images on which one of the two is "
        "right "
        "count. KL is the mean divergence of the variant's answers from the original's.");
    add("Latency is the median over the repeats, after a warm-up, of the time of a whole batch; where a batch takes "
        "less "
        "than 10 ms, a repeat is itself the median of as many as fit into that time. The variant and the original run "
        "in "
        "turns in the same run, so that a machine that gets slower or faster slows or speeds both, and their ratio is "
        "taken repeat by repeat. Peak memory is "
        "the most bytes that the engine's allocator holds during a pass, weights included; the process figure is the "
        "high-water "
        "mark (VmHWM) of a fresh process less that of an idle engine.");
    section.blocks.emplace_back(imageSets(session));
    return section;
}

} // namespace edgeflex
