#pragma once

namespace anneal::apps {

/// What a program does before anything else, so that it can rely on what it was started with.
///
/// Descriptors 0 to 2 are opened, on /dev/null and for reading, where whoever started the program
/// had closed them: otherwise the first file that is opened, a run's log, would get what is
/// printed. What cannot be printed is an error of the write, as on a full disk, and so is what
/// would make a file larger than its limit; neither ends the program. Says whether standard output
/// was closed.
bool prepare_process();

}  // namespace anneal::apps
