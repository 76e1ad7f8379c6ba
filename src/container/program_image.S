/* osless-init, as built, inside osless (container/program.c). */
	.section .rodata
	.balign 16
	.global program_image
	.type program_image, %object
program_image:
	.incbin "osless-init"
	.global program_image_end
	.type program_image_end, %object
program_image_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits
