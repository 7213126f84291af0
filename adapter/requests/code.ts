/** Sources, modules, and what an exception was. */
import type { Context } from '../context';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';

type Names = 'source' | 'loadedSources' | 'modules' | 'exceptionInfo';

export const code: Handlers<Context, Names> = {
  source: (context, args) => {
    const file =
      context.sources.byNumber(args.sourceReference) ?? context.sources.fromClient(args.source ?? {});
    const content = file === undefined ? undefined : context.sources.text(file);
    if (content === undefined) {
      throw new RequestFailure('noSource', `There is no source with reference ${args.sourceReference}.`);
    }
    return { content, mimeType: 'text/x-c' };
  },

  loadedSources: (context) => ({
    sources: context.sources.all().map((file) => context.sources.toClient(file)),
  }),

  modules: (context, args) => {
    const images = context.requireTarget().lab.kernel.images.all();
    const modules = images.map(({ name, kind, image }) => ({
      id: name,
      name,
      symbolStatus: `${image.symbols.length} symbols`,
      addressRange: `0x${image.base.toString(16)}-0x${(image.base + BigInt(image.size)).toString(16)}`,
      isUserCode: kind !== 'kernel',
    }));
    const start = args.startModule ?? 0;
    const count = args.moduleCount ? args.moduleCount : modules.length;
    return { modules: modules.slice(start, start + count), totalModules: modules.length };
  },

  exceptionInfo: (context, args) => {
    const { target, stop } = context.requireStop();
    if (stop.reason !== 'exception' || args.threadId !== target.threadOfStop(stop)) {
      throw new RequestFailure('notStopped', 'This task did not stop at an exception.');
    }
    if (!stop.oops) return { exceptionId: 'missed', description: stop.text, breakMode: 'always' };
    const { kind, message, address, lines } = stop.oops;
    const where = target.inspector.symbolAt(address) ?? `0x${address.toString(16)}`;
    return {
      exceptionId: kind,
      description: `${message} at ${where}`,
      breakMode: kind === 'panic' ? 'unhandled' : 'always',
      details: { message, typeName: kind, stackTrace: lines.join('\n') },
    };
  },
};
