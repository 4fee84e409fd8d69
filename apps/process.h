#pragma once

namespace anneal::apps {

/// What a program does before anything else, so that it can rely on what it was started with.
///
/// Descriptors 0 to 2 are opened, on /dev/null, where whoever started the program had closed them:
/// otherwise the first file that is opened, a run's log, would get what is printed. Whoever
/// closed them wants nothing printed, so nothing is amiss. A file that
/// reaches the limit of its size is an error of the write, as a full disk is, and does not end the
/// program.
void prepare_process();

}  // namespace anneal::apps
