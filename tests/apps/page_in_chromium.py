"""The page of a comparison in a real browser: python3 page_in_chromium.py ANNEAL CHROMIUM WORK

Makes two small comparisons, opens their pages in headless Chromium with a script of this test added
that looks at every chart's pixels, uses the legend and the keyboard, and reads the resulting
document: nothing complains, every chart is drawn, every number equals the one in the CSV.
"""

import csv
import html.parser
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys

anneal, chromium, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
hostile = """a<b> & "q" 'r' </script><script>throw 1</script>"""

# Added to the page. Colours other than the background's are counted in each canvas.
probe = """
<pre id="probe"></pre><script>
addEventListener("load", () => setTimeout(async () => {
  const rest = () => new Promise((done) => setTimeout(done, 50));
  const inked = (chart) => {
    const canvas = chart.querySelector("canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      // Not the greys of axes and grid: what has a colour is a curve.
      const [r, g, b, a] = pixels.slice(i, i + 4);
      if (a > 100 && Math.max(r, g, b) - Math.min(r, g, b) > 40) ++count;
    }
    return count;
  };
  const charts = [...document.querySelectorAll(".chart")];
  const found = { width: document.documentElement.scrollWidth, window: innerWidth };
  found.drawn = charts.map((chart) => [chart.dataset.chart, inked(chart)]);
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
  const mouse = (type, x, more) => (type === "mouseup" || type === "mousemove" ? document : over) &&
    over.dispatchEvent(new MouseEvent(type, { clientX: box.left + x, clientY: box.top + 20,
      bubbles: true, button: 0, ...more }));
  const labels = () => own.slice(0, 3).map(inked).join();
  const before = labels();
  mouse("mouseenter", 50); mouse("mousemove", 50); mouse("mousedown", 50);
  mouse("mousemove", box.width / 2); mouse("mouseup", box.width / 2);
  await rest();
  const zoomed = labels();
  mouse("dblclick", 60);
  await rest();
  mouse("mouseleave", 60);
  await rest();
  found.zoom = [before, zoomed, labels()];
  document.getElementById("probe").textContent = JSON.stringify(found);
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
             "--tuning-seeds", "1", "--peaks", "0.05,0.1", "--growth", "0", "--evaluations", "5",
             "--out", str(out)]
    done = subprocess.run([anneal, "compare", *small, *arguments], capture_output=True, text=True)
    expect(done.returncode == 0, f"anneal compare ended with {done.returncode}:\n{done.stderr}")


def open_page(page, name, *options):
    """The document after its scripts, and what the console said."""
    home = work / f"home-{name}"
    done = subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}",
         "--enable-logging=stderr", "--virtual-time-budget=10000", *options, "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(home)})
    expect(done.returncode == 0, f"chromium ended with {done.returncode}:\n{done.stderr}")
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


class Reader(html.parser.HTMLParser):
    """The tables: for each, its class, and for each row its name and the cells that have a value."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.probe, self.inside = [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        have = dict(attributes)
        if tag == "table":
            self.tables.append((have.get("class", ""), []))
        elif tag == "tr" and self.tables:
            self.tables[-1][1].append({"name": "", "words": []})
        elif tag == "td" and "data-field" in have:
            self.tables[-1][1][-1][have["data-field"]] = float(have["data-value"])
        if tag in ("td", "th"):
            self.row = self.tables[-1][1][-1]
            self.row["words"].append("")
        self.inside = (tag if tag in ("td", "th", "code", "small") else
                       "probe" if have.get("id") == "probe" else None)

    def handle_endtag(self, tag):
        if tag in ("td", "th", "pre"):
            self.inside = None

    def handle_data(self, text):
        if self.inside == "probe":
            self.probe += text
        elif self.inside:
            self.row["words"][-1] += text


def tables(reader, kind):
    return [rows[1:] for name, rows in reader.tables if kind in name.split()]


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def check_numbers(reader, out):
    """Every number of the trials, and the means that the tables show."""
    with open(out / "results.csv", newline="") as file:
        results = list(csv.DictReader(file))
    rows = [row for table in tables(reader, "trials") for row in table]
    expect(len(rows) == len(results) > 0, f"{len(rows)} trials in the page, {len(results)} in the CSV")
    for row, result in zip(rows, results):
        expect(row["words"][0] == result["name"], f"{row['words'][0]!r} is not {result['name']!r}")
        expect(row["words"][2] == result["seed"], f"seed {row['words'][2]} is not {result['seed']}")
        for field in ("peak", "validation_loss", "test_loss", "test_accuracy", "area"):
            expect(same(row[field], float(result[field])),
                   f"{result['name']}: {field} is {row[field]} in the page, {result[field]} in the CSV")
        expect(row["words"][7] == (result["updates_to_target"] or "missed"), "updates to the target")
    budgets = sorted({result["epochs"] for result in results}, key=int)
    for budget, decided in zip(budgets, tables(reader, "decided"), strict=True):
        for row in decided:
            own = [r for r in results if (r["epochs"], r["name"]) == (budget, row["words"][0])]
            for field in ("validation_loss", "test_accuracy"):
                mean = sum(float(r[field]) for r in own) / len(own)
                shown = row["mean_" + field]
                expect(mean == shown or abs(mean - shown) < 1e-12 * abs(mean),
                       f"{row['words'][0]}: mean {field} is {shown}, not {mean}")
    with open(out / "tuning.csv", newline="") as file:  # of one seed: the mean is the loss
        tuning = sorted(float(row["validation_loss"]) for row in csv.DictReader(file))
    shown = sorted(float(row[field]) for row in
                   [dict(cell) for table in reader.losses for cell in table] for field in row)
    expect(shown == tuning, "tuning losses in the page are not those of tuning.csv")


def check(out, name, kinds, *options):
    page = out / "report.html"
    text = page.read_text()
    expect("http" not in text.replace("https://github.com/leeoniya/uPlot", ""), "the page names an address")
    probed = out / "probed.html"
    probed.write_text(text.replace("</body>", probe + "</body>"))
    dom, console = open_page(probed, name, *options)
    expect(not console, "the console says\n" + "\n".join(console))
    reader = Reader(dom)
    expect(reader.probe, "the page's probe did not come to its end")
    found = json.loads(reader.probe)
    expect(sorted(kind for kind, _ in found["drawn"]) == sorted(kinds), f"charts: {found['drawn']}")
    for kind, inked in found["drawn"]:
        expect(inked > 100, f"chart {kind} is blank: {found['drawn']}")
    expect(max(found["hidden"]) == 0, f"hidden curves are drawn: {found['hidden']}")
    expect(found["dimmed"] > 0, "hidden schedules are not dimmed in the tables")
    expect(min(found["again"]) > 100, f"curves do not come back: {found['again']}")
    expect(found["said"].startswith("update"), f"the keyboard reads {found['said']!r}")
    expect("translate" in found["linked"], "the cursor is not linked")
    print(found)
    return reader, found
