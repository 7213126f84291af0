/** Attribute names (without surrounding underscores) that __has_attribute answers yes to: honoured, or harmless to ignore. */
export const ATTRIBUTE_NAMES: ReadonlySet<string> = new Set(
  `section used unused noinline always_inline gnu_inline flatten packed aligned noreturn cold hot weak alias naked
no_instrument_function constructor destructor cleanup error warning format format_arg warn_unused_result deprecated visibility
pure const malloc returns_twice fallthrough transparent_union mode common nocommon nonnull returns_nonnull alloc_size
alloc_align assume_aligned leaf nothrow noclone optimize target no_sanitize no_sanitize_address no_sanitize_undefined
no_stack_protector stack_protect no_split_stack externally_visible designated_init randomize_layout no_randomize_layout
artificial may_alias copy ifunc sentinel tls_model access nonstring noipa no_reorder zero_call_used_regs
patchable_function_entry no_profile_instrument_function noplt retain symver unavailable scalar_storage_order ms_struct
gcc_struct regparm cdecl stdcall fastcall sysv_abi indirect_branch function_return nocf_check fentry_name fentry_section
former_name warn_if_not_aligned vector_size alloc_align no_icf simd model diagnose_if`.split(/\s+/),
);
