"""One door to this repository: sets itself up, then runs, tests, measures or locks it.

python3 dev.py run [...]          the till in demo mode; without a display its demo without a window
python3 dev.py test [--quick]     every check; --quick leaves out the slow tests
python3 dev.py bench [NAME]       the benchmarks, each beside a floor measured in the same run
python3 dev.py lock               renews the lock files and asks whether every wheel exists
python3 dev.py prove [NAME]       the fault campaigns, or one; --release: as long as before a release, into docs/proof.md
python3 dev.py screens            a picture of every screen, into docs/screens/
"""

import sys

# All of this file must be readable by Python 3.6: otherwise it would say SyntaxError instead of this.
if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed, and this is Python %d.%d: try python3.11 dev.py, or install one."
        % tuple(sys.version_info[:2])
    )

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.stamp"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

# What Qt opens on Linux, each file with the Debian package that brings it.
OFFSCREEN_LIBRARIES = """
    libGL.so.1=libgl1 libEGL.so.1=libegl1 libglib-2.0.so.0=libglib2.0-0 libfontconfig.so.1=libfontconfig1
    libxkbcommon.so.0=libxkbcommon0 libdbus-1.so.3=libdbus-1-3 libbrotlidec.so.1=libbrotli1
""".split()
WINDOW_LIBRARIES = """
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 libxcb-shape.so.0=libxcb-shape0
    libxcb-render-util.so.0=libxcb-render-util0 libxcb-xkb.so.1=libxcb-xkb1
    libxkbcommon-x11.so.0=libxkbcommon-x11-0
""".split()
TEST_PROGRAMS = ["Xvfb=xvfb", "xauth=xauth", "objcopy=binutils", "chromium=chromium", "strace=strace"]

PROVE_PROGRAMS = ["strace=strace"]

CHECKED_FOLDERS = ("pos_app", "platform_server", "practice", "tests", "bench")
PERFECT_FOLDERS = "pos_app/domain/*,pos_app/flows/*,platform_server/domain/*,platform_server/flows/*"
# A campaign is tests that also run in a short form: its files, the variable that says how much, and how much.
CAMPAIGNS = {
    "cuts": (["tests/cuts"], "POS_CUTS", "full", "release"),
    "kills": (["tests/cuts/test_killed_demo.py"], "POS_KILLS", "50", "50"),
    "ledger": (["tests/proof/test_tamper.py"], "POS_TAMPERINGS", "10000", "100000"),
    "machine": (["tests/system/test_state_machine.py"], "POS_MACHINE_EXAMPLES", "500", "10000"),
    "models": (["tests/models/test_models.py"], "POS_MODELS", "full", "release"),
    "mutations": (["tests/server/test_mutations.py"], "POS_MUTATIONS", "50000", "1000000"),
    "offline": (["tests/offline"], "POS_OFFLINE", "full", "release"),
    "payments": (["tests/payments/test_campaign.py"], "POS_PAYMENTS", "full", "release"),
    "races": (
        ["tests/system/test_races.py", "tests/system/test_planted_faults.py"],
        "POS_RACES",
        "full",
        "release",
    ),
    "sim": (["tests/sim/test_sim.py", "tests/sim/test_teeth.py"], "POS_SIM", "full", "release"),
}
WHEEL_TARGETS = ("x86_64-manylinux_2_34", "x86_64-pc-windows-msvc")
WHEEL_PYTHONS = ("3.11", "3.12", "3.13")


# --- the verbs ---


def run(arguments):
    """Open the till in demo mode, or walk its demo where there is no display."""
    headless = "--headless" in arguments or not has_display()
    set_up([RUN_LOCK], OFFSCREEN_LIBRARIES + ([] if headless else WINDOW_LIBRARIES))
    demo = [VENV_PYTHON, "-m", "pos_app", "demo"]
    if not headless:
        return call(demo + arguments)
    if "--headless" not in arguments:
        print("There is no display here, so the demo runs without a window.", flush=True)
    # argparse takes the last word, so what was typed wins over what is assumed.
    assumed = ["--out", "out/demo", "--data", "out/demo-data"]
    typed = [argument for argument in arguments if argument != "--headless"]
    code = call(demo + ["--headless"] + assumed + typed, QT_QPA_PLATFORM="offscreen")
    if code == 0:
        out = last_value(assumed + typed, "--out")
        print("Its results lie in %s: receipts, pictures of the window, and summary.json." % out)
    return code


def test(arguments):
    """Run every check in order, go on after a failure, and say at the end which failed."""
    refuse_unknown(arguments, {"--quick"})
    set_up([RUN_LOCK, DEV_LOCK], OFFSCREEN_LIBRARIES + WINDOW_LIBRARIES, TEST_PROGRAMS)
    python = str(VENV_PYTHON)
    folders = [name for name in CHECKED_FOLDERS if any((ROOT / name).glob("**/*.py"))]
    # Two at once, a file to one of them: more would make the tests of whole programs wait for each other.
    pytest = [python, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--cov", "--cov-report="]
    coverage = [python, "-m", "coverage", "report", "--fail-under=100", "--include=" + PERFECT_FOLDERS]
    contracts = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
    steps = [
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"] + folders),
        ("contracts", [python, "-c", contracts]),
        ("tests", pytest + (["-m", "not slow"] if "--quick" in arguments else [])),
        ("coverage", coverage),
    ]
    failed = [name for name, command in steps if not passes(name, command)]
    print("Failed: %s." % ", ".join(failed) if failed else "Every check passed.")
    return 1 if failed else 0


def bench(arguments):
    """Run all benchmarks, or the named one."""
    files = (ROOT / "bench").glob("*.py")
    names = sorted(path.stem for path in files if "def main(" in path.read_text(encoding="utf-8"))
    if not names:
        print("There are no benchmarks yet.")
        return 0
    chosen, rest = (names, []) if not arguments else (arguments[:1], arguments[1:])
    if chosen[0] not in names:
        print("There is no benchmark %r; there are: %s." % (chosen[0], ", ".join(names)), file=sys.stderr)
        return 2
    set_up([RUN_LOCK, DEV_LOCK], OFFSCREEN_LIBRARIES)
    start = "import sys; from bench.%s import main; sys.exit(main())"
    codes = [call([VENV_PYTHON, "-c", start % name] + rest, **test_environment()) for name in chosen]
    return max(codes)


def lock(arguments):
    """Renew the lock files, then ask for a wheel of every dependency on every target."""
    refuse_unknown(arguments, set())
    set_up([RUN_LOCK, DEV_LOCK], [])
    uv = find_uv()
    if not uv:
        sys.exit("uv is needed to renew the lock files: type %s -m pip install uv" % VENV_PYTHON)
    options = "--universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-emit-index-url --quiet"
    compile_lock = [uv, "pip", "compile", "pyproject.toml"] + options.split()
    renewals = [["-o", RUN_LOCK.name], ["--extra", "dev", "-c", RUN_LOCK.name, "-o", DEV_LOCK.name]]
    for renewal in renewals:
        if call(compile_lock + renewal, **uv_environment()) != 0:
            return 1
    return max([missing_wheels(uv, target, version) for target in WHEEL_TARGETS for version in WHEEL_PYTHONS])


def prove(arguments):
    """Run the fault campaigns, or the named one; --release makes them as long as before a release."""
    names = [argument for argument in arguments if argument != "--release"]
    unknown = [name for name in names if name not in CAMPAIGNS]
    if unknown:
        print(
            "dev.py knows no campaign %r; there are: %s." % (unknown[0], ", ".join(CAMPAIGNS)),
            file=sys.stderr,
        )
        return 2
    set_up([RUN_LOCK, DEV_LOCK], OFFSCREEN_LIBRARIES, PROVE_PROGRAMS)
    pytest = [VENV_PYTHON, "-m", "pytest", "-s", "--timeout", "20000"]
    codes = []
    for name in names or sorted(CAMPAIGNS):
        files, variable, usual, release = CAMPAIGNS[name]
        how_much = release if "--release" in arguments else usual
        told = {variable: how_much, "POS_PROVE": str(ROOT / "out" / "prove")}
        codes.append(call(pytest + files, **dict(test_environment(), **told)))
    if "--release" in arguments and not max(codes):
        # The page of proofs is written by who ran them: what was not run is not told anew.
        codes.append(call([VENV_PYTHON, "-m", "tests.proof.page"], POS_PROVE=str(ROOT / "out" / "prove")))
    return max(codes)


def screens(arguments):
    """Draw every screen in every language and look."""
    refuse_unknown(arguments, set())
    if not (ROOT / "tests/ui/draw_screens.py").exists():
        print("There is nothing that draws the screens yet.")
        return 0
    set_up([RUN_LOCK, DEV_LOCK], OFFSCREEN_LIBRARIES)
    return call([VENV_PYTHON, "-m", "tests.ui.draw_screens"], **test_environment())


VERBS = {"run": run, "test": test, "bench": bench, "lock": lock, "prove": prove, "screens": screens}


def main(words):
    """Do what the first word says."""
    if words and words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    verb = VERBS.get(words[0]) if words else None
    if verb is None:
        said = "dev.py does not know %r" % words[0] if words else "dev.py needs a verb"
        print("%s; the verbs are: %s." % (said, ", ".join(VERBS)), file=sys.stderr)
        return 2
    try:
        return verb(words[1:])
    except KeyboardInterrupt:
        return 130


# --- set-up: does nothing, quickly, when all is there ---


def set_up(locks, libraries, programs=()):
    """Make .venv hold the locked dependencies, and the system what they open."""
    venv_packages = [] if VENV_PYTHON.exists() else missing_venv_packages()
    install_system_packages(missing_packages(libraries, programs) + venv_packages)
    stamps = {lock_file: digest(lock_file) for lock_file in locks}
    done = STAMP.read_text().split() if STAMP.exists() and VENV_PYTHON.exists() else []
    missing = [lock_file for lock_file in locks if stamps[lock_file] not in done]
    if not missing:
        return
    make_venv()
    # Half an installation must not look whole after a crash.
    STAMP.unlink(missing_ok=True)
    # The dev lock holds everything, so it alone is enough where both are asked for.
    install(missing[-1])
    kept = [stamp for stamp in done if stamp not in stamps.values()] if missing[-1] == RUN_LOCK else []
    STAMP.write_text("\n".join(kept + list(stamps.values())) + "\n")


def digest(lock_file):
    """Name one lock file on one Python: anything else has to be installed anew."""
    content = lock_file.read_bytes() + sys.version.encode() + str(ROOT).encode()
    return hashlib.sha256(content).hexdigest()


def make_venv():
    """Make .venv unless a working one is there."""
    if VENV_PYTHON.exists() and quiet_call([VENV_PYTHON, "-c", "import pip"]) == 0:
        return
    print("Making .venv ...", flush=True)
    if call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        sys.exit("Python could not make a virtual environment in %s (see above)." % VENV)


def install(lock_file):
    """Install a lock file by uv, which is three times as fast, or else by plain pip."""
    print("Installing %s ..." % lock_file.name, flush=True)
    started = time.monotonic()
    if not install_by_uv(lock_file):
        pip = [VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        if call(pip + ["--require-hashes", "-r", lock_file]) != 0:
            sys.exit("The dependencies could not be installed (see above): is the package index in reach?")
    print("Installed in %.0f s." % (time.monotonic() - started), flush=True)


def install_by_uv(lock_file):
    """Say whether uv is there, or could be had with its locked hash, and did the work."""
    uv = find_uv() or fetch_uv()
    if not uv:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", VENV_PYTHON, "--require-hashes", "-r", lock_file]
    if call(command, **uv_environment()) == 0:
        return True
    print("uv could not install them; trying plain pip ...", flush=True)
    return False


def find_uv():
    """Give the path of a uv that is already here."""
    inside = VENV_PYTHON.with_name("uv.exe" if os.name == "nt" else "uv")
    return str(inside) if inside.exists() else shutil.which("uv")


def fetch_uv():
    """Install the locked uv by pip."""
    locked = re.search(r"^uv==(?:.*\\\n)+.*\n", DEV_LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    if not locked:
        return None
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.lock"
        only_uv.write_text(locked.group(), encoding="utf-8")
        pip = [VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        return find_uv() if quiet_call(pip + ["--require-hashes", "-r", only_uv]) == 0 else None


def uv_environment():
    """Hand the index, proxy and certificate of the user's pip on to uv, which does not read them."""
    config = [str(VENV_PYTHON), "-m", "pip", "config", "list"]
    listed = subprocess.run(config, stdout=subprocess.PIPE, universal_newlines=True).stdout
    names = {"index-url": "UV_DEFAULT_INDEX", "proxy": "ALL_PROXY", "cert": "SSL_CERT_FILE"}
    found = re.findall(r"^[^.\n]*\.(%s)='(.*)'$" % "|".join(names), listed, re.MULTILINE)
    environment = {names[key]: value for key, value in found}
    return dict(environment, UV_COMPILE_BYTECODE="1", UV_PYTHON_DOWNLOADS="never")


def missing_wheels(uv, target, version):
    """Resolve the whole lock by wheels alone; 1 if some dependency has none."""
    command = [uv, "pip", "compile", DEV_LOCK.name, "--no-header", "--only-binary", ":all:", "--no-deps"]
    command += ["--python-platform", target, "--python-version", version]
    print("Wheels for %s, Python %s:" % (target, version), end=" ", flush=True)
    environment = child_environment(uv_environment())
    asked = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    print(
        "all there." if asked.returncode == 0 else "MISSING\n" + asked.stderr.decode("utf-8", "replace"),
        flush=True,
    )
    return 1 if asked.returncode else 0


# --- what the system must bring ---


def missing_packages(libraries, programs):
    """Name the Debian packages that are missing on this Linux; elsewhere Qt brings what it needs."""
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/sbin:/usr/sbin")
    if not sys.platform.startswith("linux") or not ldconfig:
        return []
    listed = subprocess.run([ldconfig, "-p"], stdout=subprocess.PIPE, universal_newlines=True).stdout
    known = {line.split()[0] for line in listed.splitlines()[1:] if line.strip()}
    wanted = [pair.split("=") for pair in libraries]
    packages = [package for library, package in wanted if library not in known]
    wanted = [pair.split("=") for pair in programs]
    packages += [package for program, package in wanted if not shutil.which(program)]
    # PyInstaller packs the shared libpython, which Debian keeps apart from its interpreter.
    version = "python%d.%d" % sys.version_info[:2]
    if programs and system_python() and "lib%s.so.1.0" % version not in known:
        packages.append("lib" + version)
    return packages


def missing_venv_packages():
    """Debian keeps venv apart from its interpreter."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return ["python%d.%d-venv" % sys.version_info[:2]]
    return []


def system_python():
    """Say whether the interpreter came with the system's own packages."""
    return os.path.realpath(sys.executable).startswith("/usr/bin/")


def install_system_packages(packages):
    """Install Debian packages where we may; otherwise say the one command that does."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        if sys.platform.startswith("linux"):
            print("Missing here (by their names on Debian): %s" % " ".join(packages), file=sys.stderr)
        return
    install_command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0:
        sys.exit("The system lacks something; type this once: sudo apt-get update && sudo " + install_command)
    print("Installing from the system: %s" % " ".join(packages), flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    call(["apt-get", "update", "-qq"], **quiet)
    apt_install = [*install_command.split(), "-qq", "-o", "Dpkg::Use-Pty=0"]
    if call(apt_install, stdout=subprocess.DEVNULL, **quiet) != 0:
        sys.exit("The system packages could not be installed (see above); try: " + install_command)


# --- small things ---


def has_display():
    """Say whether a window can be seen here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def passes(name, command):
    """Run one check, show its output if it fails (the tests always show theirs), and say how long it took."""
    live = name == "tests"
    print("%-10s ..." % name, end="\n" if live else " ", flush=True)
    started = time.monotonic()
    pipes = {} if live else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, cwd=ROOT, env=child_environment(test_environment()), **pipes)
    passed = done.returncode == 0
    verdict = "%s %.1f s" % ("ok" if passed else "FAILED", time.monotonic() - started)
    print(("%-10s ... " % name if live else "") + verdict, flush=True)
    if not passed and not live:
        print(done.stdout.decode("utf-8", "replace"), flush=True)
    return passed


def test_environment():
    """What every test and benchmark can rely on."""
    return {
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "PYTHONFAULTHANDLER": "1",
        "HYPOTHESIS_PROFILE": os.environ.get("HYPOTHESIS_PROFILE", "repeatable"),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }


def child_environment(additions):
    """The environment of a child: ours, with bytecode allowed, or every start would compile anew."""
    environment = dict(os.environ, **additions)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def call(command, stdout=None, **environment):
    """Run a command in the repository and give its exit code."""
    words = [str(word) for word in command]
    return subprocess.call(words, cwd=str(ROOT), env=child_environment(environment), stdout=stdout)


def quiet_call(command):
    """Run a command whose only message is its exit code."""
    words = [str(word) for word in command]
    return subprocess.call(words, cwd=str(ROOT), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def last_value(words, option):
    """Give what was said last for an option, as argparse would understand it."""
    value = ""
    for position, word in enumerate(words):
        if word == option and position + 1 < len(words):
            value = words[position + 1]
        elif word.startswith(option + "="):
            value = word[len(option) + 1 :]
    return value


def refuse_unknown(arguments, known):
    """Stop at an argument that would otherwise be ignored in silence."""
    unknown = [argument for argument in arguments if argument not in known]
    if unknown:
        print("dev.py does not know %r here." % unknown[0], file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
