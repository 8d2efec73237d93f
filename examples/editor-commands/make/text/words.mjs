/** What stands for each {slot} of the topics in this folder: synonyms, and names that are put together as programmers do. */

// prettier-ignore
const NOUNS = ['user', 'order', 'invoice', 'price', 'date', 'config', 'token', 'cart', 'client', 'image', 'report', 'email', 'profile', 'cache', 'session', 'button', 'page', 'table', 'query', 'index', 'result', 'event', 'message', 'payment', 'product', 'stock', 'account', 'path', 'node', 'item', 'total', 'count', 'model', 'parser', 'logger', 'handler', 'socket', 'request', 'theme', 'number'];
// prettier-ignore
const VERBS = ['get', 'set', 'load', 'save', 'parse', 'render', 'fetch', 'send', 'update', 'delete', 'create', 'build', 'check', 'validate', 'open', 'read', 'write', 'handle', 'format', 'convert', 'init', 'calculate', 'connect', 'retry', 'is', 'on', 'use'];
const CLASS_ENDINGS = ['Service', 'Handler', 'Client', 'Parser', 'Error', 'Item', 'Page', 'Model'];
// prettier-ignore
const EXTENSIONS = ['py', 'ts', 'js', 'tsx', 'css', 'html', 'json', 'md', 'go', 'rs', 'java', 'cpp', 'c', 'h', 'sql', 'vue', 'rb', 'php', 'yml', 'toml', 'txt', 'sh'];
// prettier-ignore
const FILES = ['main', 'index', 'app', 'utils', 'helpers', 'config', 'settings', 'server', 'client', 'router', 'api', 'database', 'schema', 'models', 'views', 'types', 'constants', 'login', 'home', 'cart', 'payment', 'invoice', 'parser', 'styles', 'notes', 'todo', 'queries', 'user', 'order'];
// prettier-ignore
const NAMED_FILES = ['readme', 'makefile', 'dockerfile', 'package.json', 'tsconfig', '.env', '.gitignore', 'docker-compose.yml', 'requirements.txt', 'webpack config', 'build.gradle'];
// prettier-ignore
const FILE_ROLES = ['readme', 'config', 'config file', 'makefile', 'changelog', 'stylesheet', 'header', 'header file', 'test file', 'main file', 'package file', 'other file', 'last file', 'spec', 'old version'];
// prettier-ignore
const THINGS = ['function', 'method', 'class', 'variable', 'type', 'constant', 'component', 'field', 'parameter', 'module', 'interface', 'property'];

const upper = (word) => word[0].toUpperCase() + word.slice(1);

/** A name as it stands in code: parseOrder, load_orders, OrderService, MAX_RETRIES. */
function identifier(random) {
  const [verb, noun, other] = [random.pick(VERBS), random.pick(NOUNS), random.pick(NOUNS)];
  return random.pick([
    () => verb + upper(noun),
    () => verb + upper(noun),
    () => `${verb}_${noun}`,
    () => `${verb}${upper(noun)}${upper(other)}`,
    () => upper(noun) + random.pick(CLASS_ENDINGS),
    () => `${random.pick(['MAX', 'MIN', 'DEFAULT', 'TOTAL'])}_${noun.toUpperCase()}S`,
    () => `${verb}()`,
    () => noun,
    () => verb,
    () => noun + upper(other),
    () => `the ${noun} ${random.pick(['function', 'class', 'method', 'component'])}`,
  ])();
}

/** A file as people name it: main.py, the config file, test_cart.js. */
function fileName(random) {
  const name = random.pick(FILES);
  const extension = random.pick(EXTENSIONS);
  return random.pick([
    () => `${name}.${extension}`,
    () => `${name}.${extension}`,
    () => `${name}.${extension}`,
    () => `test_${name}.${extension}`,
    () => `${name}.test.${extension}`,
    () => `the ${random.pick(FILE_ROLES)}`,
    () => `the ${random.pick(NOUNS)} ${random.pick(['page', 'file', 'module'])}`,
    () => random.pick(NAMED_FILES),
  ])();
}

function number(random) {
  return String(1 + random.below(random.pick([9, 99, 300])));
}

// prettier-ignore
export const WORDS = {
  identifier,
  symbol: ['{identifier}', '{identifier}', '{identifier}', 'this {thing}', 'that {thing}', 'this', 'it', 'this name'],
  name: ['{identifier}', '{identifier}', '{noun}', 'total', 'price', 'items', 'count', 'client', 'customer'],
  file: fileName,
  number,
  digit: ['one', 'two', 'three', 'four', 'five'],
  thing: THINGS,
  make: ['make', 'get', 'have', 'turn', 'set'],
  glyphs: ['text', 'font', 'letters', 'code', 'characters', 'words', 'writing', 'print', 'text on the screen', 'type'],
  bigger: ['bigger', 'larger', 'larger', 'bigger', 'huge', 'a bit bigger', 'much larger', 'readable', 'easier to read', 'twice as big'],
  smaller: ['smaller', 'tiny', 'a bit smaller', 'less big'],
  small: ['small', 'tiny', 'little', 'small', 'tiny', 'minuscule', 'hard to read'],
  shade: ['dark', 'light', 'darker', 'lighter', 'black', 'white', 'bright', 'high contrast', 'warm', 'calm', 'night', 'blue'],
  themename: ['solarized', 'monokai', 'nord', 'dracula', 'dark mode', 'light mode', 'night mode', 'day mode', 'the default theme', 'high contrast', 'the dark theme', 'the light theme', 'another theme', 'other colors'],
  text: ['todo', 'fixme', 'localhost', 'password', 'secret', 'debugger', 'console.log', 'print(', 'http://', 'the word {noun}', 'the string {noun}', '"{noun}"', 'the old url', 'api key', 'deprecated', 'copyright', 'import {noun}', 'port 8080', 'the phrase not found', 'utf-8', 'lorem ipsum', 'hard coded paths', 'the company name', 'timeout', '{identifier}', 'a typo', 'select *', 'version {number}', 'the error text'],
  noun: NOUNS,
  topic: ['login', 'checkout', 'search', 'payment', 'database', 'user', 'settings', 'email', 'upload', 'parser', 'report', 'export', 'cache', 'network', 'date', 'invoice', 'profile', 'image', 'shipping', 'billing'],
  command: ['npm install', 'npm run build', 'make', 'ls', 'cd', 'pip install', 'docker ps', 'docker compose up', 'ssh', 'curl', 'cargo build', 'top', 'a script', 'a command', 'python', 'mkdir', 'chmod', 'ping', 'one command', 'htop'],
  message: ['fix typo', 'add tests', 'first version', 'fix the {topic} bug', 'update readme', 'remove dead code', 'clean up', 'bump version', 'work in progress', 'new {noun} page', 'fix crash', 'better errors', 'wip', 'refactor {topic}'],
  branch: ['main', 'master', 'develop', 'release', 'staging', 'hotfix', 'feature/{topic}', 'fix-{topic}', 'refactor-{noun}', 'experiment', 'v2', 'v{number}', 'next', 'the old branch', '{noun}-page', 'dev', 'production'],
  person: ['anna', 'tom', 'lee', 'maria', 'sam', 'priya', 'jonas', 'chen', 'kate', 'omar', 'lucy', 'ben', 'the intern', 'my boss', 'a colleague', 'the new guy', 'the team', 'she', 'he'],
  side: ['right', 'left', 'right side', 'left side', 'other side', 'top', 'bottom'],
  lang: ['python', 'rust', 'go', 'docker', 'vue', 'java', 'c++', 'markdown', 'yaml', 'sql', 'kotlin', 'ruby', 'php', 'terraform', 'swift', 'latex', 'typescript', 'elixir', 'haskell', 'svelte', 'toml', 'graphql', 'javascript', 'scala', 'lua', 'julia', 'html', 'css'],
};

/** Words that mean much the same here. */
// prettier-ignore
export const THESAURUS = [
  'larger, bigger, huge, enlarged, magnified, grown', 'smaller, tiny, little, minuscule, shrunk',
  'enlarge, magnify, blow up, scale up, zoom in, increase, grow, raise', 'text, letters, characters, font, type',
  'dark, black, dim, night', 'light, bright, white, day', 'theme, colors, color scheme, look, palette of colors',
  'terminal, shell, console, command line, prompt, bash, powershell', 'tests, specs, unit tests, test suite, test run',
  'green, passing, fine, ok, happy', 'red, failing, broken, failed', 'debug, step through, walk through, inspect while it runs',
  'breakpoint, red dot, stop, halt', 'pause, stop, halt, hold, wait, break, suspend',
  'commit, check in, record in git, save to git, put into git', 'history, past, log',
  'blame, author, who wrote it, who changed it', 'discard, drop, throw away, revert, undo, wipe out, roll back, reset, cancel, scrap',
  'branch, line of work', 'switch, change, check out, move, go over', 'split, divide, halve, cut in two',
  'column, pane, half, side, group', 'side by side, next to each other, beside, together, at the same time, at once',
  'fold, collapse, contract, close up, roll up, tuck away, hide', 'unfold, expand, open up, unroll',
  'extension, plugin, add on', 'install, add, get, download, set up', 'support, understand, know, handle, speak',
  'error, mistake, problem, issue, red squiggle, diagnostic', 'warning, yellow squiggle', 'compile, build, type check',
  'rename, give another name, call differently', 'name, title, what it is called', 'misspelled, misspelt, typo, wrong spelling',
  'format, tidy, tidy up, clean up, beautify, pretty print, lay out', 'neat, tidy, pretty, clean, nice',
  'ugly, messy, awful, untidy, a mess', 'indentation, indent, white space, spacing, alignment',
  'find, search, look for, hunt for, grep, seek, track down, locate', 'everywhere, in all files, across the project, in the whole repo, in the codebase',
  'definition, declaration, implementation, source, where it comes from', 'reference, usage, use, caller, call',
  'open, load, pull up, bring up, show, view', 'file, document, page', 'show, display, list, see, view',
  'start, launch, run, begin, kick off, fire up, execute', 'close, shut, dismiss, hide', 'remove, delete, clear, drop, get rid of',
  'change, edit, modify, touch, alter', 'fix, repair, correct, mend', 'function, method, procedure, routine',
  'quick, fast, speedy', 'folder, directory', 'project, workspace, repository, repo, codebase', 'screen, monitor, display',
  'program, app, script, software', 'crash, hang, fail, freeze', 'author, writer, whoever wrote it', 'put, place, set, add',
].map((line) => line.split(', '));
