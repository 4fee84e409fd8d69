"""The page of a comparison in a real browser: python3 page_in_chromium.py ANNEAL CHROMIUM WORK

Makes two small comparisons, opens their pages in headless Chromium with a script of this test added
that looks at every chart's pixels, uses the legend and the keyboard, and reads the resulting
document: nothing complains, every chart is drawn, every number equals the one in the CSV.
"""

import csv
import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import sys

anneal, chromium, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
hostile = """a<b> & "q" 'r' </script><script>throw 1</script>"""

# Added to the page: counts, within the axes of each chart, the pixels that have a colour, and how
# much of the width they take: a curve takes most of it.
probe = """
<pre id="probe"></pre><script>
addEventListener("load", () => setTimeout(async () => {
  const rest = () => new Promise((done) => setTimeout(done, 50));
  const look = (chart) => {
    const [canvas, within] = [chart.querySelector("canvas"), chart.querySelector(".u-over")];
    const sides = [within.offsetLeft, within.offsetTop, within.clientWidth, within.clientHeight];
    const [left, top, width, height] = sides.map((side) => Math.round(side * devicePixelRatio));
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, -left, -top);
    const pixels = copy.getImageData(0, 0, width, height).data;
    let count = 0;
    const columns = new Set();
    for (let i = 0; i < pixels.length; i += 4) {
      // Not the greys of the grid: what has a colour is a curve.
      const [r, g, b, a] = pixels.slice(i, i + 4);
      if (a < 100 || Math.max(r, g, b) - Math.min(r, g, b) < 40) continue;
      ++count;
      columns.add((i / 4) % width);
    }
    return [count, columns.size / width];
  };
  const inked = (chart) => look(chart)[0];
  const charts = [...document.querySelectorAll(".chart")];
  const found = { width: document.documentElement.scrollWidth, window: innerWidth };
  found.drawn = charts.map((chart) => [chart.dataset.chart, look(chart)[1]]);
  const study = document.querySelector(".study");
  const own = [...study.querySelectorAll(".chart")];
  const buttons = [...study.querySelectorAll(".legend button[data-series]")];
  buttons.forEach((button) => button.click());
  await rest();
  found.hidden = own.map(inked);
  found.dimmed = study.querySelectorAll("tr.off").length;
  study.querySelector(".legend .all").click();
  await rest();
  found.again = own.map(inked);
  const [rate, loss] = own;
  rate.focus();
  const key = (name) => rate.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  key("End");
  await rest();
  found.said = rate.querySelector(".tip").textContent;
  found.linked = loss.querySelector(".u-cursor-x").style.transform;
  // Drag over the first chart: the others of its axis zoom too.
  const over = rate.querySelector(".u-over");
  const box = over.getBoundingClientRect();
  const mouse = (type, x) =>
    over.dispatchEvent(new MouseEvent(type, {
      clientX: box.left + x, clientY: box.top + 5, bubbles: true, button: 0, movementX: 9,
    }));
  const seen = () => own.slice(0, 3).map(inked);
  const before = seen();
  for (const [type, x] of [["mousemove", 50], ["mousedown", 50], ["mousemove", box.width / 2],
    ["mouseup", box.width / 2]]) mouse(type, x);
  await rest();
  const zoomed = seen();
  mouse("dblclick", 60);
  await rest();
  found.zoom = [before, zoomed, seen()];
  document.getElementById("probe").textContent = JSON.stringify(found);
}, 300));
</script>
"""

# The same of a page of runs, whose charts have no legend of the test's: how many pixels are coloured.
runs_probe = """
<pre id="probe"></pre><script>
addEventListener("load", () => setTimeout(() => {
  const coloured = (canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const [r, g, b, a] = pixels.slice(i, i + 4);
      if (a >= 100 && Math.max(r, g, b) - Math.min(r, g, b) >= 40) ++count;
    }
    return count;
  };
  document.getElementById("probe").textContent = JSON.stringify({
    drawn: [...document.querySelectorAll(".chart canvas")].map(coloured),
    names: [...document.querySelectorAll(".chart .u-label")].map((label) => label.textContent),
    width: document.documentElement.scrollWidth, window: innerWidth,
  });
}, 300));
</script>
"""


def fail(text):
    sys.exit("page_in_chromium: " + text)


def expect(good, text):
    if not good:
        fail(text)


def compare(out, *arguments):
    small = ["--dataset", "digits", "--hidden", "8", "--examples", "2000", "--validation", "500",
             "--tuning-seeds", "1", "--peaks", "0.05,0.1", "--growth", "0", "--refinements", "0", "--evaluations", "5",
             "--out", str(out)]
    done = subprocess.run([anneal, "compare", *small, *arguments], capture_output=True, text=True)
    expect(done.returncode == 0, f"anneal compare ended with {done.returncode}:\n{done.stderr}")


def open_page(page, *options):
    """The document after its scripts, and what the console said."""
    home = work / "home"
    done = subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={home}",
         "--enable-logging=stderr", "--virtual-time-budget=10000", *options, "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(home)})
    expect(done.returncode == 0, f"chromium ended with {done.returncode}:\n{done.stderr}")
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


class Reader(html.parser.HTMLParser):
    """The tables of a page, (class, rows): of a row, the words and the values of its cells, which
    are (field, number); and what the probe found."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.probe, self.at = [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        have = dict(attributes)
        if tag == "table":
            self.tables.append((have["class"], []))
        elif tag == "tr":
            self.tables[-1][1].append(([], []))
        elif tag in ("td", "th"):
            words, values = self.tables[-1][1][-1]
            words.append("")
            if "data-field" in have:
                values.append((have["data-field"], float(have["data-value"])))
            self.at = tag
        elif have.get("id") == "probe":
            self.at = "probe"

    def handle_endtag(self, tag):
        if tag in ("td", "th", "pre"):
            self.at = None

    def handle_data(self, text):
        if self.at == "probe":
            self.probe += text
        elif self.at:
            self.tables[-1][1][-1][0][-1] += text

    def bodies(self, kind):
        """The rows below the head of each table of a kind."""
        return [rows[1:] for name, rows in self.tables if kind in name.split()]


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def check_numbers(reader, out):
    """Every trial in the page is the one in the CSV, to the last bit; means are means of those."""
    results = rows_of(out / "results.csv")
    trials = [row for rows in reader.bodies("trials") for row in rows]
    expect(len(trials) == len(results) > 0, f"{len(trials)} trials in the page, {len(results)} in the CSV")
    for (words, values), result in zip(trials, results):
        expect(words[0] == result["name"], f"{words[0]!r} is not {result['name']!r}")
        expect(words[2] == result["seed"], f"seed {words[2]} is not {result['seed']}")
        expect(words[7] == (result["updates_to_target"] or "missed"), f"{words[7]} updates to the target")
        for field, value in values:
            expect(value == float(result[field]) or value != value and result[field] == "nan",
                   f"{words[0]}: {field} is {value} in the page, {result[field]} in the CSV")
    budgets = sorted({result["epochs"] for result in results}, key=int)
    for kind, fields in (("decided", ("validation_loss", "test_accuracy")), ("way", ("area",))):
        expect(len(reader.bodies(kind)) == len(budgets), f"{len(reader.bodies(kind))} tables of {kind}")
        for budget, rows in zip(budgets, reader.bodies(kind)):
            for words, values in rows:
                own = [r for r in results if (r["epochs"], r["name"]) == (budget, words[0])]
                for field in fields:
                    mean = sum(float(r[field]) for r in own) / len(own)
                    shown = dict(values)["mean_" + field]
                    expect(mean == shown or abs(mean - shown) <= 1e-12 * mean,
                           f"{words[0]}: mean {field} is {shown} in the page, {mean} in the CSV")
    # One seed tunes: its loss is the mean.
    tuned = sorted(float(row["validation_loss"]) for row in rows_of(out / "tuning.csv"))
    shown = sorted(v for rows in reader.bodies("peaks") for row in rows for field, v in row[1])
    expect(shown == tuned, f"tuning losses are {shown} in the page, {tuned} in the CSV")


def check(out, charts, *options):
    text = (out / "report.html").read_text()
    links = text.replace("https://github.com/leeoniya/uPlot", "")
    expect("http://" not in links and "https://" not in links, "the page names an address")
    probed = out / "probed.html"
    probed.write_text(text.replace("</body>", probe + "</body>"))
    document, console = open_page(probed, *options)
    expect(not console, "the console says\n" + "\n".join(console))
    reader = Reader(document)
    expect(reader.probe, "the probe did not come to its end")
    check_numbers(reader, out)
    found = json.loads(reader.probe)
    expect([kind for kind, _ in found["drawn"]] == charts, f"charts: {found['drawn']}")
    expect(all(share > 0.6 for _, share in found["drawn"]), f"a chart is blank: {found['drawn']}")
    expect(max(found["hidden"]) == 0, f"hidden curves are drawn: {found['hidden']}")
    expect(found["dimmed"] > 0, "hidden schedules are not dimmed in the tables")
    expect(min(found["again"]) > 100, f"curves do not come back: {found['again']}")
    expect(found["said"].startswith("update"), f"the keyboard reads out {found['said']!r}")
    expect("translate" in found["linked"], "the cursors are not linked")
    before, zoomed, after = found["zoom"]
    expect(all(a != b for a, b in zip(before, zoomed)), f"not all charts zoom: {found['zoom']}")
    expect(before == after, f"a double click does not zoom out: {found['zoom']}")
    expect(found["width"] <= found["window"], f"the page is {found['width']} wide in {found['window']}")


def check_runs(*options):
    """Three runs on one page, of which one was killed and one is called what breaks out."""
    page = work / "runs.html"
    folders = [work / "cosine", work / hostile.replace("/", "_"), work / "killed"]
    if not page.exists():
        for folder in folders:
            small = ["--dataset", "moons", "--epochs", "2", "--hidden", "8", "--out", str(folder)]
            subprocess.run([anneal, "train", *small], check=True, capture_output=True)
        log = folders[2] / "run.jsonl"
        log.write_text(log.read_text()[:2500])
        subprocess.run([anneal, "view", *map(str, folders), "--out", str(page)], check=True, capture_output=True)
    probed = work / "probed.html"
    probed.write_text(page.read_text().replace("</body>", runs_probe + "</body>"))
    document, console = open_page(probed, *options)
    expect(not console, "the console says\n" + "\n".join(console))
    reader = Reader(document)
    expect(reader.probe, "the probe of the page of runs did not come to its end")
    found = json.loads(reader.probe)
    expect(len(found["drawn"]) == 4 and min(found["drawn"][:2]) > 500, f"charts: {found['drawn']}")
    expect(found["names"].count(folders[1].name) == 4, f"names in the legends: {found['names']}")
    expect(found["width"] <= found["window"], f"the page is {found['width']} wide in {found['window']}")


shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
check_runs()
check_runs("--window-size=390,800")
of_a_study = ["rate", "loss", "accuracy", "sensitivity", "flip"]

# Two budgets, and a name that would break out of everything that forgets to escape.
compare(work / "two", "--schedule", "linear", "--schedule", f"cosine; name={hostile}", "--epochs", "1,2",
        "--seeds", "3")
check(work / "two", ["budgets", *of_a_study, *of_a_study])

# Some that are not tuned, one of which diverges, on a page as narrow as a phone allows.
compare(work / "lost", "--schedule", "linear", "--schedule", "constant", "--schedule", "1e6 * constant; lr=1",
        "--seeds", "2")
check(work / "lost", of_a_study, "--window-size=390,800")

# The test sees what it looks for: a script that throws, and one that asks for the network.
broken = work / "two" / "broken.html"
broken.write_text((work / "two" / "report.html").read_text().replace(
    "</body>", "<script>throw new Error('seen')</script></body>"))
_, console = open_page(broken)
expect(any("seen" in line for line in console), f"an error was not seen: {console}")
print("every chart is drawn, every number is that of the CSV, and the console is silent")
