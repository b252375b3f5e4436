/* A new secret for the allocator, whose copy in every meta area must follow. */
#include "../meta.h"

hidden void __malloc_reseed(void)
{
	if (!ctx.init_done) return;
	ctx.secret = get_random_secret();
	for (struct meta_area *area = ctx.meta_area_head; area; area = area->next)
		area->check = ctx.secret;
}
