/* Text: two blanks a level, "- " before an item. JSON: a tab a level. */
#include "plan/outline.h"

#include "plan/quote.h"

static void
indent(struct outline *o, unsigned depth, const char *unit)
{
	for (unsigned i = 0; i < depth; i++)
		(void)fputs(unit, o->out);
}

static void
begin_text_line(struct outline *o)
{
	indent(o, o->depth - o->dash, "  ");
	if (o->dash)
		(void)fputs("- ", o->out);
	o->dash = 0;
}

static void
begin_json_line(struct outline *o)
{
	if (!o->fresh)
		(void)fputc(',', o->out);
	(void)fputc('\n', o->out);
	indent(o, o->depth, "\t");
	o->fresh = 0;
}

void
outline_key(struct outline *o, const char *key)
{
	if (o->form == OUTLINE_JSON) {
		begin_json_line(o);
		quote_json(key, o->out);
		(void)fputs(": ", o->out);
	} else {
		begin_text_line(o);
		quote_text(key, o->out);
		(void)fputc(':', o->out);
	}
	o->after_key = 1;
}

/* What stands between the last thing written and a scalar. */
static void
begin_scalar(struct outline *o)
{
	if (o->form == OUTLINE_JSON) {
		if (!o->after_key)
			begin_json_line(o);
	} else if (o->after_key) {
		(void)fputc(' ', o->out);
	} else {
		indent(o, o->depth, "  ");
		(void)fputs("- ", o->out);
	}
	o->after_key = 0;
}

static void
end_scalar(struct outline *o)
{
	if (o->form == OUTLINE_TEXT)
		(void)fputc('\n', o->out);
}

void
outline_text(struct outline *o, const char *text)
{
	begin_scalar(o);
	if (o->form == OUTLINE_JSON)
		quote_json(text, o->out);
	else
		quote_text(*text ? text : "\"\"", o->out);
	end_scalar(o);
}

void
outline_literal(struct outline *o, const char *literal)
{
	begin_scalar(o);
	(void)fputs(literal, o->out);
	end_scalar(o);
}

void
outline_open(struct outline *o, enum outline_shape shape)
{
	if (o->form == OUTLINE_JSON) {
		if (!o->after_key)
			begin_json_line(o);
		(void)fputc(shape == OUTLINE_LIST ? '[' : '{', o->out);
		o->fresh = 1;
	} else if (o->after_key) {
		(void)fputc('\n', o->out);
	} else {
		o->dash = 1;
	}
	o->after_key = 0;
	o->depth++;
}

void
outline_close(struct outline *o, enum outline_shape shape)
{
	o->depth--;
	if (o->form == OUTLINE_JSON) {
		if (!o->fresh) {
			(void)fputc('\n', o->out);
			indent(o, o->depth, "\t");
		}
		(void)fputc(shape == OUTLINE_LIST ? ']' : '}', o->out);
	}
	o->dash = 0;
	o->fresh = 0;
}
