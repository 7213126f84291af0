/*
 * Red-black trees. The rules: the root is black, a red node has black children, and every way down to a missing child
 * passes the same number of black nodes. Insertion adds a red node and repairs the second rule; removal of a black
 * node repairs the third.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rbtree.h>

#define RB_RED 0
#define RB_BLACK 1

static bool is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & 1);
}

static bool is_black(const struct rb_node *node)
{
	return !is_red(node);
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & 3) | (unsigned long)parent;
}

static void set_color(struct rb_node *node, int color)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | color;
}

/* Make `new` the child that `old` was. */
static void change_child(struct rb_node *old, struct rb_node *new, struct rb_node *parent, struct rb_root *root)
{
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
}

/* The right child comes up, node goes down to its left. */
static void rotate_left(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *right = node->rb_right, *parent = rb_parent(node);

	node->rb_right = right->rb_left;
	if (right->rb_left)
		set_parent(right->rb_left, node);
	right->rb_left = node;
	set_parent(right, parent);
	change_child(node, right, parent, root);
	set_parent(node, right);
}

static void rotate_right(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *left = node->rb_left, *parent = rb_parent(node);

	node->rb_left = left->rb_right;
	if (left->rb_right)
		set_parent(left->rb_right, node);
	left->rb_right = node;
	set_parent(left, parent);
	change_child(node, left, parent, root);
	set_parent(node, left);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grandparent, *uncle;

	while (is_red(parent = rb_parent(node))) {
		bool on_left;

		grandparent = rb_parent(parent);
		on_left = parent == grandparent->rb_left;
		uncle = on_left ? grandparent->rb_right : grandparent->rb_left;
		if (is_red(uncle)) {
			/* Push the redness up two levels. */
			set_color(uncle, RB_BLACK);
			set_color(parent, RB_BLACK);
			set_color(grandparent, RB_RED);
			node = grandparent;
			continue;
		}
		if (node == (on_left ? parent->rb_right : parent->rb_left)) {
			/* An inner grandchild: turn it outside first. */
			if (on_left)
				rotate_left(parent, root);
			else
				rotate_right(parent, root);
			swap(parent, node);
		}
		set_color(parent, RB_BLACK);
		set_color(grandparent, RB_RED);
		if (on_left)
			rotate_right(grandparent, root);
		else
			rotate_left(grandparent, root);
	}
	set_color(root->rb_node, RB_BLACK);
}
EXPORT_SYMBOL(rb_insert_color);

/* One black is missing below `parent` on the side of `node`. */
static void erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (is_black(node) && node != root->rb_node) {
		bool on_left = parent->rb_left == node;
		struct rb_node *sibling = on_left ? parent->rb_right : parent->rb_left;
		struct rb_node *near, *far;

		if (is_red(sibling)) {
			set_color(sibling, RB_BLACK);
			set_color(parent, RB_RED);
			if (on_left)
				rotate_left(parent, root);
			else
				rotate_right(parent, root);
			sibling = on_left ? parent->rb_right : parent->rb_left;
		}
		near = on_left ? sibling->rb_left : sibling->rb_right;
		far = on_left ? sibling->rb_right : sibling->rb_left;
		if (is_black(near) && is_black(far)) {
			set_color(sibling, RB_RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (is_black(far)) {
			set_color(near, RB_BLACK);
			set_color(sibling, RB_RED);
			if (on_left)
				rotate_right(sibling, root);
			else
				rotate_left(sibling, root);
			sibling = on_left ? parent->rb_right : parent->rb_left;
			far = on_left ? sibling->rb_right : sibling->rb_left;
		}
		set_color(sibling, !is_red(parent));
		set_color(parent, RB_BLACK);
		set_color(far, RB_BLACK);
		if (on_left)
			rotate_left(parent, root);
		else
			rotate_right(parent, root);
		node = root->rb_node;
		break;
	}
	if (node)
		set_color(node, RB_BLACK);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent;
	bool lost_black;

	if (node->rb_left && node->rb_right) {
		/* Two children: the next node in order takes its place and its colour. */
		struct rb_node *successor = node->rb_right;

		while (successor->rb_left)
			successor = successor->rb_left;
		child = successor->rb_right;
		parent = rb_parent(successor);
		lost_black = !is_red(successor);
		if (parent == node) {
			parent = successor;
		} else {
			parent->rb_left = child;
			if (child)
				set_parent(child, parent);
			successor->rb_right = node->rb_right;
			set_parent(node->rb_right, successor);
		}
		successor->__rb_parent_color = node->__rb_parent_color;
		successor->rb_left = node->rb_left;
		set_parent(node->rb_left, successor);
		change_child(node, successor, rb_parent(node), root);
	} else {
		child = node->rb_left ? node->rb_left : node->rb_right;
		parent = rb_parent(node);
		lost_black = !is_red(node);
		if (child)
			set_parent(child, parent);
		change_child(node, child, parent, root);
	}
	if (lost_black)
		erase_color(child, parent, root);
}
EXPORT_SYMBOL(rb_erase);

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_left)
		n = n->rb_left;
	return n;
}
EXPORT_SYMBOL(rb_first);

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_right)
		n = n->rb_right;
	return n;
}
EXPORT_SYMBOL(rb_last);

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return parent;
}
EXPORT_SYMBOL(rb_next);

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left) {
		node = node->rb_left;
		while (node->rb_right)
			node = node->rb_right;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return parent;
}
EXPORT_SYMBOL(rb_prev);

void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*new = *victim;
	if (victim->rb_left)
		set_parent(victim->rb_left, new);
	if (victim->rb_right)
		set_parent(victim->rb_right, new);
	change_child(victim, new, rb_parent(victim), root);
}
EXPORT_SYMBOL(rb_replace_node);

static struct rb_node *left_deepest(const struct rb_node *node)
{
	for (;;) {
		if (node->rb_left)
			node = node->rb_left;
		else if (node->rb_right)
			node = node->rb_right;
		else
			return (struct rb_node *)node;
	}
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? left_deepest(root->rb_node) : NULL;
}
EXPORT_SYMBOL(rb_first_postorder);

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	const struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return left_deepest(parent->rb_right);
	return (struct rb_node *)parent;
}
EXPORT_SYMBOL(rb_next_postorder);
