/* What a module's vermagic says. */
#include <linux/version.h>
#define VERMAGIC_STRING UTS_RELEASE " SMP mod_unload "
