/**
 * tracefs: the files of /sys/kernel/tracing, by path, over Tracing.
 *
 * Which file reads and writes what is here; permission bits, blocking and positions are the guest VFS's (hostfs).
 * Directories of events appear and go with their definitions.
 */
import { errno } from '../kernel/errno';
import {
  type HostOpenFile,
  type HostProvider,
  type HostStat,
  O_ACCMODE,
  O_APPEND,
  O_NONBLOCK,
  O_TRUNC,
  S_IFDIR,
  S_IFREG,
  WOULD_BLOCK,
} from '../kernel/hostfs';
import type { TraceEvent } from './event';
import { README } from './readme';
import type { Tracing } from './tracing';

/** A file: how it reads, what a write does (errno's name on refusal), what opening with truncation does. */
interface TraceFile {
  mode: number;
  read?(): string;
  write?(text: string): string | undefined;
  truncate?(): string | undefined;
  /** A consuming read: the next piece, or undefined when there is nothing yet. */
  take?(): string | undefined;
}

const GLOBAL_FILTER = `### global filter ###
# Use this to set filters for multiple events.
# Only events with the given fields will be affected.
# If no events are modified, an error message will be displayed here
`;

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);

export class TraceFs implements HostProvider {
  private readonly files: ReadonlyMap<string, TraceFile>;

  constructor(private readonly tracing: Tracing) {
    this.files = new Map(Object.entries(this.topLevel()));
  }

  stat(path: string): HostStat | undefined {
    if (this.list(path)) return { mode: S_IFDIR | 0o750, size: 0 };
    const file = this.file(path);
    return file && { mode: S_IFREG | file.mode, size: 0 };
  }

  list(path: string): readonly string[] | undefined {
    const parts = path.split('/').filter((part) => part !== '');
    const events = this.tracing.definitions.list();
    if (parts.length === 0) return [...this.files.keys(), 'events'].sort();
    if (parts[0] !== 'events') return undefined;
    const [, group, name] = parts;
    if (group === undefined) return [...new Set(events.map((event) => event.group)), 'enable'].sort();
    const inGroup = events.filter((event) => event.group === group);
    if (inGroup.length === 0) return undefined;
    if (name === undefined) return [...inGroup.map((event) => event.name), 'enable', 'filter'].sort();
    if (parts.length > 3 || !inGroup.some((event) => event.name === name)) return undefined;
    return ['enable', 'filter', 'format', 'id'];
  }

  open(path: string, flags: number): HostOpenFile | number {
    const file = this.file(path);
    if (!file) return this.list(path) ? -errno('EISDIR') : -errno('ENOENT');
    const writable = (flags & O_ACCMODE) !== 0;
    if (writable && !file.write) return -errno('EACCES');
    if (writable && flags & O_TRUNC && !(flags & O_APPEND)) {
      const refused = file.truncate?.();
      if (refused) return -errno(refused);
    }
    return file.take ? pipe(file.take, (flags & O_NONBLOCK) !== 0) : snapshot(file);
  }

  /** open(O_TRUNC) did it already; truncate(2) on its own has no effect on these files. */
  truncate(): number {
    return 0;
  }

  private file(path: string): TraceFile | undefined {
    const known = this.files.get(path);
    if (known) return known;
    const parts = path.split('/');
    if (parts[0] !== 'events') return undefined;
    const { definitions } = this.tracing;
    if (parts.length === 2 && parts[1] === 'enable') return this.switchFile(() => definitions.list());
    const [, group = '', name = '', leaf] = parts;
    if (parts.length === 3) {
      const members = () => definitions.list().filter((event) => event.group === group);
      if (members().length === 0) return undefined;
      if (name === 'enable') return this.switchFile(members);
      if (name === 'filter') return this.groupFilter(members);
      return undefined;
    }
    // An event called like a control file has no directory of its own: the control file has the name.
    const hidden = name === 'enable' || name === 'filter';
    const event = parts.length === 4 && !hidden ? definitions.find(group, name) : undefined;
    if (!event) return undefined;
    switch (leaf) {
      case 'enable':
        return this.switchFile(() => [event]);
      case 'filter':
        return {
          mode: 0o640,
          read: () => event.filterText,
          write: (text) => this.tracing.setFilter(event, text),
        };
      case 'format':
        return { mode: 0o440, read: () => this.tracing.formatText(event) };
      case 'id':
        return { mode: 0o440, read: () => `${event.id}\n` };
      default:
        return undefined;
    }
  }

  /** enable of one event, a group, or all: reads 0, 1, or X when mixed; takes 0 and 1. */
  private switchFile(events: () => readonly TraceEvent[]): TraceFile {
    return {
      mode: 0o640,
      read: () => {
        const states = new Set(events().map((event) => event.enabled));
        return states.size > 1 ? 'X\n' : states.has(true) ? '1\n' : '0\n';
      },
      write: (text) => {
        if (!/^0*[01]\s*$/.test(text)) return 'EINVAL';
        const enabled = Number(text) === 1;
        for (const event of events()) this.tracing.definitions.setEnabled(event, enabled);
        return undefined;
      },
    };
  }

  private groupFilter(events: () => readonly TraceEvent[]): TraceFile {
    return {
      mode: 0o640,
      read: () => GLOBAL_FILTER,
      write: (text) => {
        this.tracing.setGroupFilter(events(), text);
        return undefined;
      },
    };
  }

  private topLevel(): Record<string, TraceFile> {
    const { tracing } = this;
    const { definitions, buffer, errorLog } = tracing;
    const dynamic: TraceFile = {
      mode: 0o640,
      read: () => definitions.listing(),
      write: (text) => definitions.write(text),
      truncate: () => definitions.clear(),
    };
    return {
      kprobe_events: dynamic,
      dynamic_events: dynamic,
      kprobe_profile: { mode: 0o440, read: () => definitions.profile() },
      trace: {
        mode: 0o640,
        read: () => tracing.traceText(),
        write: () => undefined,
        truncate: () => {
          buffer.clear();
          return undefined;
        },
      },
      trace_pipe: { mode: 0o440, take: () => tracing.takeLine() },
      tracing_on: {
        mode: 0o640,
        read: () => `${tracing.on ? 1 : 0}\n`,
        write: (text) => {
          if (!/^\s*\d+\s*$/.test(text)) return 'EINVAL';
          tracing.on = Number(text) !== 0;
          return undefined;
        },
      },
      error_log: {
        mode: 0o640,
        read: () => errorLog.text(),
        write: () => undefined,
        truncate: () => {
          errorLog.clear();
          return undefined;
        },
      },
      buffer_size_kb: {
        mode: 0o640,
        read: () => `${buffer.sizeKib}\n`,
        write: (text) => {
          const size = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
          if (size === 0) return 'EINVAL';
          buffer.sizeKib = size;
          return undefined;
        },
      },
      available_events: {
        mode: 0o440,
        read: () =>
          definitions
            .list()
            .map((event) => `${event.group}:${event.name}\n`)
            .join(''),
      },
      set_event: {
        mode: 0o640,
        read: () =>
          definitions
            .list()
            .filter((event) => event.enabled)
            .map((event) => `${event.group}:${event.name}\n`)
            .join(''),
        write: (text) => this.setEvents(text),
        truncate: () => {
          for (const event of definitions.list()) definitions.setEnabled(event, false);
          return undefined;
        },
      },
      available_tracers: { mode: 0o440, read: () => 'nop\n' },
      current_tracer: {
        mode: 0o640,
        read: () => 'nop\n',
        write: (text) => (text.trim() === 'nop' ? undefined : 'EINVAL'),
      },
      README: { mode: 0o440, read: () => README },
    };
  }

  /** Lines of [!]GROUP:EVENT, [!]GROUP: or [!]EVENT. */
  private setEvents(text: string): string | undefined {
    const { definitions } = this.tracing;
    for (const word of text.split(/\s+/).filter((part) => part !== '')) {
      const enabled = !word.startsWith('!');
      const name = enabled ? word : word.slice(1);
      const [group, event] = name.includes(':') ? name.split(':') : [undefined, name];
      const chosen = definitions
        .list()
        .filter(
          (each) =>
            (group === undefined || group === '*' || each.group === group) &&
            (!event || event === '*' || each.name === event || (group === undefined && each.group === event)),
        );
      if (chosen.length === 0) return 'EINVAL';
      for (const each of chosen) definitions.setEnabled(each, enabled);
    }
    return undefined;
  }
}

/** A file whose text is made when it is first read from its start; writes act at once. */
function snapshot(file: TraceFile): HostOpenFile {
  const open: Omit<HostOpenFile, 'held'> & { held: Uint8Array | undefined } = {
    held: undefined,
    read: (position, length) => {
      if (!file.read) return -errno('EINVAL');
      const content = open.held === undefined || position === 0 ? bytesOf(file.read()) : open.held;
      open.held = content;
      return content.slice(position, position + length);
    },
    write: (_position, bytes) => {
      const refused = file.write ? file.write(latin1(bytes)) : 'EBADF';
      return refused ? -errno(refused) : bytes.length;
    },
    release: () => {},
  };
  return open;
}

/** A consuming file: whole pieces as long as they fit, the rest of a long one next time. */
function pipe(take: () => string | undefined, nonBlocking: boolean): HostOpenFile {
  const open: Omit<HostOpenFile, 'held'> & { held: string } = {
    held: '',
    read: (_position, length) => {
      let pending = open.held;
      while (pending.length < length) {
        const next = take();
        if (next === undefined) break;
        pending += next;
      }
      open.held = pending.slice(length);
      if (pending === '') return nonBlocking ? -errno('EAGAIN') : WOULD_BLOCK;
      return bytesOf(pending.slice(0, length));
    },
    write: () => -errno('EBADF'),
    release: () => {},
  };
  return open;
}
