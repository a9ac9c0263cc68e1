/** One server-sent event; `data` without its last line end. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * The events of a body of type `text/event-stream`, however it is cut into chunks. Comments are passed over, and an event that the end of
 * the body cuts short is dropped. Whoever stops early ends the connection.
 *
 * Source: HTML standard, 9.2.6, interpreting an event stream; `id` and `retry` are of no use here.
 */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void, undefined> {
  let event = 'message';
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (event !== 'message' || data.length > 0) yield { event, data: data.join('\n') };
      event = 'message';
      data = [];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
}

/** Lines end with CRLF, LF or CR alone; of a CRLF, the LF may come in the next chunk. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let unfinished: string[] = [];
  let endedWithReturn = false;
  for await (const chunk of chunksOf(body)) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    if (endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    endedWithReturn = text.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|\r|\n/);
    unfinished.push(first);
    for (const begun of others) {
      yield unfinished.join('');
      unfinished = [begun];
    }
  }
}

/** By a reader, because not every browser iterates over streams. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A body that failed cannot be cancelled, and need not be.
    await reader.cancel().catch(() => undefined);
  }
}
