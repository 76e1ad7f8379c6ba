/* Tree documents (osless-tree(7)): how a supervision tree is declared, in the annotation
 * dev.osless.tree or in the bundle's tree.json. */
#ifndef OSLESS_SPEC_TREE_H
#define OSLESS_SPEC_TREE_H

#include "spec/spec.h"

#define SPEC_TREE_ANNOTATION "dev.osless.tree"
#define SPEC_TREE_FILE "tree.json"
#define SPEC_TREE_MAX (256u << 10) /* bytes of a document */
#define SPEC_TREE_DEPTH_MAX 8      /* supervisors inside each other, below the root */

/* What is in force where a declaration does not say. */
#define SPEC_TREE_INTENSITY 3
#define SPEC_TREE_PERIOD_MS 30000
#define SPEC_TREE_SHUTDOWN_MS 10000 /* workers; supervisors wait */

/* Reads the document in text into *tree. name is what errors call it. -1: err names document, JSON
 * path and cure. */
int spec_tree_parse(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec_tree *tree, struct error *err);

/* Sets spec->tree where the spec's annotations have one; name is the config's, for errors. */
int spec_tree_from_annotation(
    const char *name, struct arena *arena, struct spec *spec, struct error *err);

/* Sets spec->tree from the bundle's tree.json, if there is one; where the annotation has already
 * set it, only notes that the file is there. */
int spec_tree_from_file(int bundle_fd, struct arena *arena, struct spec *spec, struct error *err);

#endif
