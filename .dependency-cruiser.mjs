/** Who may import whom (see docs/architecture.md). Anything not listed for a room is forbidden to it. */
const rooms = {
  protocol: [],
  language: ['protocol'],
  runs: ['protocol'],
  server: ['protocol', 'language', 'runs'],
  trainer: ['protocol', 'language', 'runs'],
  extension: ['protocol', 'language', 'runs'],
  webview: ['protocol'],
};

/** Inside the trainer the maths stays pure: these folders may not reach for a session, a file or a run. */
const trainerRooms = {
  graph: [],
  models: ['graph'],
  methods: ['graph', 'models'],
};

function forbidOthers(name, base, room, allowed) {
  const keep = [room, ...allowed].join('|');
  return {
    name,
    severity: 'error',
    from: { path: `^${base}/${room}/`, pathNot: '\\.test\\.ts$' },
    to: { path: `^${base}/[^/]+/`, pathNot: `^${base}/(${keep})/` },
  };
}

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => forbidOthers(`room-${room}`, 'src', room, allowed)),
    ...Object.entries(trainerRooms).map(([room, allowed]) =>
      forbidOthers(`trainer-${room}`, 'src/trainer', room, allowed),
    ),
    {
      name: 'only-the-extension-knows-vscode',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: '^vscode$|^node_modules/vscode-languageclient' },
    },
    {
      name: 'only-the-trainer-loads-onnxruntime',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/trainer/' },
      to: { path: 'onnxruntime' },
    },
    {
      name: 'language-is-pure',
      severity: 'error',
      from: { path: '^src/(language|protocol|trainer/graph)/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-ui-imports-the-toolkit',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/webview/ui/' },
      to: { path: 'webview-ui-toolkit' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'kernels/assembly' },
  },
};
