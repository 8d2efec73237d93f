import { connect } from './notebook/connect.ts';
import { serve } from './server.ts';

/**
 * The language server: `node server.js --stdio`, or `--node-ipc` below VS Code, or `--socket=PORT`, or `--pipe=NAME`.
 * Standard output belongs to the protocol.
 */
const connection = connect(process.argv.slice(2));

// A fault in one answer must not take the server, and with it the help in all open files, down.
process.on('uncaughtException', (error) => connection.console.error(error.stack ?? error.message));
process.on('unhandledRejection', (reason) =>
  connection.console.error(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
);

serve(connection);
