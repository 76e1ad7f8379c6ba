/* osless-init, as built, inside osless (container/program.c). */
	.section .rodata
	.balign 16
	.global program_image
	.type program_image, %object
program_image:
	.incbin "osless-init"
program_image_end:
	.balign 8
	.global program_image_size
	.type program_image_size, %object
program_image_size:
	.quad program_image_end - program_image
	.section .note.GNU-stack, "", %progbits
