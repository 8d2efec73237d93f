/**
 * The Python beside which Tunebook is checked and measured: .venv, made from python/requirements.txt. Only
 * `npm run parity` and `npm run bench` need it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const requirements = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));
const executable = fileURLToPath(
  new URL(
    process.platform === 'win32' ? '../.venv/Scripts/python.exe' : '../.venv/bin/python',
    import.meta.url,
  ),
);

/** Path of .venv's Python with every pinned package in it; makes what is missing. Ends the process where it cannot. */
export function ensurePython() {
  if (!existsSync(executable)) makeEnvironment();
  const missing = missingPackages();
  if (missing.length > 0) {
    console.log(`Installing into .venv: ${missing.join(', ')} (a few minutes the first time)`);
    run(executable, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  }
  return executable;
}

/** Whether .venv is there already; nothing is installed. */
export function hasPython() {
  return existsSync(executable);
}

/**
 * Runs one of python/'s scripts and gives back what it printed. Its own errors go to the terminal.
 * @param {string[]} args the script, relative to python/, and its arguments
 * @param {{ input?: string, env?: Record<string, string> }} [options]
 */
export function python(args, { input, env } = {}) {
  const [script, ...rest] = args;
  const result = spawnSync(ensurePython(), [`python/${script}`, ...rest], {
    cwd: root,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (result.status !== 0) fail(`python/${script} failed:\n${result.stderr}`);
  return result.stdout;
}

/** Starts one of python/'s scripts, once {@link ensurePython} has been called; whoever asked for it reads what it prints. */
export function startPython([script, ...rest]) {
  const options = { cwd: root, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] };
  return spawn(executable, [`python/${script}`, ...rest], options);
}

function environment(more = {}) {
  return { ...process.env, PYTHONWARNINGS: 'ignore', HF_HUB_OFFLINE: '1', ...more };
}

function makeEnvironment() {
  const system = process.platform === 'win32' ? 'python' : 'python3';
  if (spawnSync(system, ['--version']).status !== 0)
    fail('Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv');
  console.log('Making .venv');
  if (spawnSync(system, ['-m', 'venv', '.venv'], { cwd: root }).status === 0) return;
  if (process.getuid?.() !== 0)
    fail('Python cannot make a virtual environment. On Debian: apt-get install python3-venv');
  run('apt-get', ['install', '-y', '-qq', 'python3-venv']);
  run(system, ['-m', 'venv', '--clear', '.venv']);
}

/** Pinned packages that .venv lacks or has in another version. */
function missingPackages() {
  const code = [
    'import importlib.metadata as m, sys',
    'pins = [l.split("==") for l in open(sys.argv[1]).read().split() if "==" in l]',
    'have = {d.metadata["Name"].lower().replace("_", "-"): d.version.split("+")[0] for d in m.distributions()}',
    'print("\\n".join(f"{n}=={v}" for n, v in pins if have.get(n) != v))',
  ].join('\n');
  const result = spawnSync(executable, ['-c', code, requirements], { encoding: 'utf8' });
  if (result.status !== 0) fail(`.venv does not work (delete it, and it is made anew):\n${result.stderr}`);
  return result.stdout.split('\n').filter(Boolean);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
