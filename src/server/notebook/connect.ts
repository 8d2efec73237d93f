import { createConnection, ProposedFeatures, type Connection } from 'vscode-languageserver/node';
import {
  createServerPipeTransport,
  createServerSocketTransport,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { NotebookTranslator } from './notebook-translator.ts';
import { NotebookReader, NotebookWriter } from './transports.ts';

/**
 * The connection to the editor that the command line names (`--node-ipc`, `--stdio`, `--socket=PORT`, `--pipe=NAME`), with notebooks
 * as files.
 */
export function connect(argv: readonly string[]): Connection {
  const [reader, writer] = transport(argv);
  const translator = new NotebookTranslator();
  return createConnection(
    ProposedFeatures.all,
    new NotebookReader(reader, writer, translator),
    new NotebookWriter(writer, translator),
  );
}

function transport(argv: readonly string[]): [MessageReader, MessageWriter] {
  if (argv.includes('--node-ipc')) return [new IPCMessageReader(process), new IPCMessageWriter(process)];
  const port = valueOf(argv, '--socket');
  if (port !== undefined) return createServerSocketTransport(Number(port));
  const pipe = valueOf(argv, '--pipe');
  if (pipe !== undefined) return createServerPipeTransport(pipe);
  if (!argv.includes('--stdio'))
    throw new Error('Name a transport: --stdio, --node-ipc, --socket=PORT or --pipe=NAME.');
  // Whoever closes the input has no use for the server any more.
  process.stdin.on('end', () => process.exit(0)).on('close', () => process.exit(0));
  return [new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)];
}

/** The value of `--flag=value` or `--flag value`. */
function valueOf(argv: readonly string[], flag: string): string | undefined {
  const joined = argv.find((each) => each.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const at = argv.indexOf(flag);
  return at < 0 ? undefined : argv[at + 1];
}
