"""How often what a comparison claims is found again: python3 replicate.py ANNEAL OUT [-n N] [--jobs J] [-- OPTIONS]

Repeats the whole protocol, tuning and deciding, with N sets of seeds that share none (--seed 1, 2, ...),
each into OUT/1, OUT/2, ..., with OPTIONS of `anneal compare` besides. For each claim of the first: how many of
the others confirm it (the same pair, the same direction), contradict it (the other direction) or do not find it;
and the same with each of the sets in the place of the first.
The claims are those of verdict.json where the program writes it, else those of report.md's first sentences.
Run it again to go on: what OUT holds is not computed again. Prints a table for docs/protocol.md.
"""

import argparse
import collections
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys


def claims_of_json(text):
    """Pairs (study, metric, better, worse)."""
    return {(study.get("epochs"), claim["metric"], claim["better"], claim["worse"])
            for study in json.loads(text)["studies"] for claim in study["claims"]}


def claims_of_report(text):
    """The same from "`a` and `b` end lower than `c`." in the answer, which stands before the list of facts."""
    claims = set()
    for number, sentence in enumerate(re.split(r"\n- ", text)[0].split("\n")):
        for names, direction, base in re.findall(r"((?:`[^`]+`(?:, | and )?)+) ends? (lower|higher) than (`[^`]+`)", sentence):
            for name in re.findall(r"`([^`]+)`", names):
                pair = (name, base.strip("`"))
                claims.add((number, "validation loss") + (pair if direction == "lower" else pair[::-1]))
    return claims


def claims_of(folder):
    verdict = folder / "verdict.json"
    if verdict.exists():
        return claims_of_json(verdict.read_text())
    return claims_of_report((folder / "report.md").read_text())


def compare(anneal, out, seed, workers, options):
    folder = out / str(seed)
    done = subprocess.run([anneal, "compare", *options, "--seed", str(seed), "--workers", str(workers), "--out", str(folder)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"--seed {seed} ended with {done.returncode}: {done.stderr[-500:]}")
    print(f"--seed {seed} is done", file=sys.stderr, flush=True)
    return claims_of(folder)


def fate(claim, others):
    """How many of the others (confirm, contradict, do not find) it."""
    study, metric, better, worse = claim
    confirmed = sum(claim in other for other in others)
    contradicted = sum((study, metric, worse, better) in other for other in others)
    return confirmed, contradicted, len(others) - confirmed - contradicted


def share(all_claims):
    """Of every set's claims, each held against all other sets."""
    fates = [fate(claim, all_claims[:i] + all_claims[i + 1:]) for i, claims in enumerate(all_claims) for claim in claims]
    sums = [sum(column) for column in zip(*fates)] if fates else [0, 0, 0]
    return [f"{100 * n / max(1, sum(sums)):.1f} %" for n in sums]


def table(all_claims):
    first, others = all_claims[0], all_claims[1:]
    rows = [("claim of the first", "confirmed", "contradicted", "not found")]
    total = collections.Counter()
    for claim in sorted(first, key=str):
        counts = fate(claim, others)
        total.update(dict(zip(("confirmed", "contradicted", "not found"), counts)))
        rows.append((f"`{claim[2]}` better than `{claim[3]}` ({claim[1]})", *map(str, counts)))
    whole = max(1, sum(total.values()))
    rows.append(("all of the first", *(f"{100 * total[k] / whole:.1f} %" for k in ("confirmed", "contradicted", "not found"))))
    rows.append((f"all of each, {sum(map(len, all_claims))} claims", *share(all_claims)))
    rows.insert(1, ("---", "---:", "---:", "---:"))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def check_itself():
    text = "# t\n\n`a` leads. `a` and `b` end lower than `c`. `d` ends higher than `c`.\n\n- data: `x` ends lower than `y`\n"
    claims = {claim[2:] for claim in claims_of_report(text)}
    assert claims == {("a", "c"), ("b", "c"), ("c", "d")}, claims
    claim = (1, "m", "a", "b")
    assert fate(claim, [{claim}, {(1, "m", "b", "a")}, set(), {claim}]) == (2, 1, 1)
    assert share([{claim}, {claim}, set(), {(1, "m", "b", "a")}]) == ["22.2 %", "44.4 %", "33.3 %"]
    document = {"studies": [{"epochs": 1, "claims": [{"metric": "m", "better": "a", "worse": "b"}]}]}
    assert claims_of_json(json.dumps(document)) == {claim}


def main():
    check_itself()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("anneal")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("-n", type=int, default=20, help="sets of seeds, the first among them")
    parser.add_argument("--jobs", type=int, default=1, help="comparisons at a time")
    parser.add_argument("--workers", type=int, default=0, help="of each comparison; 0: one for each core")
    arguments, options = parser.parse_known_args()
    options = [option for option in options if option != "--"]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        all_claims = list(pool.map(lambda seed: compare(arguments.anneal, arguments.out, seed, arguments.workers, options),
                                   range(1, arguments.n + 1)))
    print(table(all_claims))


if __name__ == "__main__":
    main()
