import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import type { NotebookTranslator } from './notebook-translator.ts';

/** Reads what an editor sends, with notebooks as files. */
export class NotebookReader extends AbstractMessageReader {
  readonly #reader: MessageReader;
  readonly #translator: NotebookTranslator;
  readonly #writer: MessageWriter;

  /** @param writer the way to the editor itself */
  constructor(reader: MessageReader, writer: MessageWriter, translator: NotebookTranslator) {
    super();
    this.#reader = reader;
    this.#writer = writer;
    this.#translator = translator;
    reader.onError((error) => this.fireError(error));
    reader.onClose(() => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    return this.#reader.listen((message) => {
      for (const each of this.#translator.fromEditor(message)) callback(each);
      for (const each of this.#translator.takeBack()) void this.#writer.write(each);
    });
  }
}

/** Writes what a server says, with files that are notebooks as cells. */
export class NotebookWriter extends AbstractMessageWriter {
  readonly #writer: MessageWriter;
  readonly #translator: NotebookTranslator;

  constructor(writer: MessageWriter, translator: NotebookTranslator) {
    super();
    this.#writer = writer;
    this.#translator = translator;
    writer.onError(([error, message, count]) => this.fireError(error, message, count));
    writer.onClose(() => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    for (const each of this.#translator.fromServer(message)) await this.#writer.write(each);
  }

  end(): void {
    this.#writer.end();
  }
}
