/** What lists are lists of, as sources say it: every form in which code walks a list or adds to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { Anchors, anchorsOf } from '../../emulator/inspect/anchors';

function learned(text: string): Anchors {
  const anchors = new Anchors();
  anchors.learn(text);
  return anchors;
}

test('walks, first elements and insertions name the element and its member', () => {
  const anchors = learned(`
static LIST_HEAD(all);
static struct hlist_head table[16];
void walk(struct house *house)
{
	struct room *room, *next;
	struct guest *guest = NULL;
	list_for_each_entry_safe(room, next, &house->rooms, in_house)
		list_for_each_entry(guest, &room->guests, stay.in_room) count++;
	hlist_for_each_entry(guest, &table[hash(guest->name, 4)], hashed) count++;
	first = list_first_entry(&house->queue, struct guest, waiting);
	list_add_tail(&house->everywhere, &all);
	rb_insert_color(&room->by_size, &house->sizes);
	rb_add_cached(&guest->by_age, &town.ages, younger);
}`);
  const of = (holder: string | undefined, name: string) =>
    anchors.of(holder, name).map(({ struct, member }) => `${struct} ${member}`);
  assert.deepEqual(of('house', 'rooms'), ['room in_house']);
  assert.deepEqual(of('room', 'guests'), ['guest stay.in_room']);
  assert.deepEqual(of(undefined, 'table'), ['guest hashed']);
  assert.deepEqual(of('house', 'queue'), ['guest waiting']);
  assert.deepEqual(of('some_function', 'all'), ['house everywhere']);
  assert.deepEqual(of('house', 'sizes'), ['room by_size']);
  assert.deepEqual(of('anything', 'ages'), ['guest by_age']);
  assert.deepEqual(of('house', 'doors'), []);
});

test('a head with two meanings keeps both, so that nobody guesses', () => {
  const anchors = learned(
    `void f(struct a *a, struct b *b) { list_add(&a->node, &shared); list_add(&b->node, &shared); }`,
  );
  assert.equal(anchors.of(undefined, 'shared').length, 2);
});

test('half-written text is read as far as it goes', () => {
  for (const text of [
    'list_for_each_entry(',
    'list_add(&x->',
    'rb_insert_color(&a->b, ',
    'list_entry((((((((',
  ]) {
    assert.deepEqual(learned(text).of(undefined, 'x'), []);
  }
});

test('the kernel’s own lists', () => {
  const anchors = anchorsOf(kernelSources);
  assert.deepEqual(anchors.of('task_struct', 'children'), [{ struct: 'task_struct', member: 'sibling' }]);
  assert.deepEqual(anchors.of('dentry', 'd_subdirs'), [{ struct: 'dentry', member: 'd_child' }]);
  assert.deepEqual(anchors.of(undefined, 'modules'), [{ struct: 'module', member: 'list' }]);
});
