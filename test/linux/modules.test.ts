/**
 * Modules as people write them for Linux, each with the session that it must give: what public kprobe modules include,
 * call, read and probe, in our own words (test/linux/modules/GROUP/NAME.c; transcript.ts says how to read them).
 */
import { before, describe, it } from 'node:test';
import { Session, transcripts } from './transcript';

for (const group of ['probes', 'services', 'devices', 'old', 'loader', 'left', 'lockups']) {
  describe(`modules: ${group}`, () => {
    const all = transcripts(`test/linux/modules/${group}`);
    let session: Session;
    before(() => {
      session = Session.boot(all, 2);
    });
    for (const transcript of all.filter(({ steps }) => steps.length > 0)) {
      it(transcript.name, () => session.run(transcript));
    }
  });
}
